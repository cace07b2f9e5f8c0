/** What is only tried reaches nothing, whatever it knows, and the api reaches it. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { ask, healthy, makeSpecWithHome } from '../testing/harness.ts'
import { tableOf } from './firewall/render.ts'

const run = promisify(execFile)
const CONNECTED = { outcome: 'connected' }

describeReal(['docker'], 'a container that is closed', () => {
  let harness: DockerHarness
  const servers: Server[] = []
  beforeAll(async () => {
    harness = await bootDocker()
  })
  afterAll(async () => {
    for (const server of servers) server.close()
    const table = tableOf(harness.options.networkName ?? '')
    await run('nft', ['delete', 'table', 'inet', table]).catch(() => undefined)
    await harness?.[Symbol.asyncDispose]()
  })

  async function listen(): Promise<number> {
    const server = createServer((socket) => socket.end())
    servers.push(server)
    await once(server.listen(0, '0.0.0.0'), 'listening')
    const address = server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  it('answers the api, and reaches neither this machine, nor what instances may reach, nor any of them', async () => {
    const gateway = (harness.options.subnet ?? '').replace('.0/24', '.1')
    const service = { host: gateway, port: await listen() }
    const runtime = harness.open({ firewall: { mode: 'api', openings: [service] } })
    const open = await runtime.start(await makeSpecWithHome(harness))
    await healthy(open)
    expect(runtime.canClose()).toBe(true)
    const specs = [1, 2].map(async () => ({ ...(await makeSpecWithHome(harness)), isClosed: true }))
    const [spec, other] = await Promise.all(specs)
    if (!spec || !other) throw new Error('There are two.')
    const address = await runtime.start(spec)
    const neighbour = await runtime.start(other)
    await healthy(address)
    await healthy(neighbour)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'running' })
    // What fails below fails for the walls' sake.
    expect(await ask(open, `/dial?host=${service.host}&port=${service.port}`)).toEqual(CONNECTED)
    const ownGateway = address.host.replace(/\d+$/, '1')
    const shut: [string, number][] = [
      [service.host, service.port],
      [ownGateway, service.port],
      [open.host, open.gatewayPort],
      [neighbour.host, neighbour.gatewayPort],
    ]
    for (const [host, port] of shut)
      expect([host, await ask(address, `/dial?host=${host}&port=${port}`)]).not.toEqual([host, CONNECTED])
    // Of a range for documentation: there is no way out, and that is said at once.
    expect(await ask(address, '/dial?host=203.0.113.77&port=443')).toEqual({ outcome: 'ECONNREFUSED' })
    expect(await ask(open, `/dial?host=${address.host}&port=${address.gatewayPort}`)).not.toEqual(CONNECTED)
    await runtime.remove(spec.id)
    expect(await runtime.inspect(spec)).toBeNull()
  })

  it('is not run where the api does not keep the walls', async () => {
    const runtime = harness.open({ firewall: { mode: 'off', openings: [] } })
    expect(runtime.canClose()).toBe(false)
    const spec = { ...(await makeSpecWithHome(harness)), isClosed: true }
    await expect(runtime.start(spec)).rejects.toMatchObject({ code: 'isolation_broken' })
  })
})
