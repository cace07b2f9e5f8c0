/** What only Caddy can get wrong: changes of its configuration, its own restarts, other people's routes. */
import type { Route } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startCaddy, stopCaddy, type TestCaddy } from '../../testing/caddy.ts'
import { caddyDriver, serving, startCaddyEdge } from '../../testing/caddy-edge.ts'
import { type Setup, setUp } from '../../testing/setup.ts'
import { CaddyConflict, CaddyRefused } from './admin.ts'
import { SERVER_PATH } from './sync/diff.ts'

describeReal(['caddy'], 'changes of routes in Caddy', () => {
  let setup: Setup
  let caddy: TestCaddy

  beforeEach(async () => {
    setup = await setUp(async (options) => {
      const edge = await startCaddyEdge(options, process.env)
      caddy = edge.caddy
      return edge
    })
  })
  afterEach(() => setup[Symbol.asyncDispose]())

  const routes = (count: number): Route[] =>
    Array.from({ length: count }, (_, i) => ({ handle: `tenant${i}` }))
  const live = (handle: string, there = true) =>
    until(
      `${handle}: ${there}`,
      async () => ((await caddy.admin.read(`/id/tenant-${handle}`)) !== null) === there,
    )

  it('keeps WebSockets over 40 changes of routes', async () => {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => setup.socket()))
    for (let i = 1; i <= 40; i++) {
      setup.edge.apply(routes(i))
      await live(`tenant${i - 1}`)
    }
    for (const [i, { echo }] of sockets.entries()) expect(await echo(`still ${i}`)).toBe(`still ${i}`)
    expect((await setup.edge.inFlight())[setup.instance.address]).toBe(10)
    for (const { socket } of sockets) socket.terminate()
    setup.edge.apply([])
    await live('tenant0', false)
  })

  it('leaves others’ servers and routes alone', async () => {
    const route = {
      match: [{ host: ['theirs.example'] }],
      handle: [{ handler: 'static_response', body: 'theirs' }],
    }
    const other = {
      listen: [`unix/${setup.platform.runDir}/other.sock`],
      automatic_https: { disable: true },
      routes: [route],
    }
    await caddy.admin.write('PUT', '/config/apps/http/servers/other', other)
    await caddy.admin.write('PUT', `${SERVER_PATH}/routes/0`, route)
    setup.edge.apply(routes(30))
    await live('tenant29')
    setup.edge.apply(routes(700))
    await live('tenant699')
    expect((await caddy.admin.read('/config/apps/http/servers/other'))?.value).toEqual(other)
    expect((await setup.fetch({ host: 'theirs.example' })).text).toBe('theirs')
  })

  it('gives a Caddy that restarted its configuration back', async () => {
    setup.edge.apply(routes(3))
    await live('tenant2')
    await stopCaddy(caddy.process)
    await expect(setup.edge.inFlight()).rejects.toThrow('is not responding')
    const again = await startCaddy(setup.platform.runDir, process.env)
    try {
      // The reports of what is in flight notice it; the driver's check would, half a minute later.
      await setup.edge.inFlight()
      await serving(setup.port)
      expect(await again.admin.read('/id/tenant-tenant2')).not.toBeNull()
    } finally {
      await again[Symbol.asyncDispose]()
    }
  })

  it('refuses to write over what it has not read', async () => {
    const read = await caddy.admin.read(SERVER_PATH)
    setup.edge.apply(routes(2))
    await live('tenant1')
    const write = caddy.admin.write('PATCH', SERVER_PATH, read?.value, read?.etag)
    await expect(write).rejects.toThrow(CaddyConflict)
  })

  it('settles with another writer of the same configuration', async () => {
    const { value } = (await caddy.admin.read(`${SERVER_PATH}/routes/0`)) ?? {}
    for (let i = 1; i <= 10; i++) {
      setup.edge.apply(routes(i * 5))
      await caddy.admin.write('PATCH', `${SERVER_PATH}/routes/0`, {
        ...(value as object),
        terminal: i % 2 === 0,
      })
    }
    await live('tenant49')
  })

  it('says what Caddy refuses, and keeps serving', async () => {
    await expect(caddy.admin.write('PATCH', SERVER_PATH, { listen: ['x'], routs: [] })).rejects.toThrow(
      CaddyRefused,
    )
    await expect(caddy.admin.write('PATCH', SERVER_PATH, { listen: ['x'], routs: [] })).rejects.toThrow(
      /routs.*2\.11\.4/,
    )
    expect((await setup.echo()).url).toBe('/')
  })

  it('serves the platform before the api has named a single route', async () => {
    await stopCaddy(caddy.process)
    await using fresh = await startCaddy(setup.platform.runDir, process.env)
    const driver = caddyDriver({ ...setup.options, runDir: setup.platform.runDir, caddy: fresh })
    await driver.inFlight()
    await serving(setup.port)
    await driver.close()
  })
})
