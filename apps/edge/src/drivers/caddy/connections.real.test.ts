/** Which connection a request goes out on, in a Caddy whose goroutines are held up at every turn. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireCaddy } from '@matrixos/host/parts'
import { GATE_PATH } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestCaddy } from '../../testing/caddy.ts'
import { startCaddyEdge } from '../../testing/caddy-edge.ts'
import { ALICE, type Setup, setUp } from '../../testing/setup.ts'

/** Each gives Caddy new, empty pools of connections. */
const CHANGES = 80
const ROUNDS = 2
const AT_ONCE = 48

const OTHERS = '/config/apps/http/servers/other'

describeReal(['caddy'], 'connections behind a Caddy that is short of time', () => {
  let folder: string
  let caddy: TestCaddy
  let setup: Setup

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mos-held-up-'))
    const binary = join(folder, 'caddy')
    // More threads than cores, and ever collecting garbage.
    await writeFile(binary, `#!/bin/sh\nGOMAXPROCS=8 GOGC=5 exec '${requireCaddy()}' "$@"\n`)
    await chmod(binary, 0o755)
    setup = await setUp(async (options) => {
      const edge = await startCaddyEdge(options, { ...process.env, CADDY_BIN: binary })
      caddy = edge.caddy
      return edge
    })
  })
  afterAll(async () => {
    await setup?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('asks nobody but the gate who may come in, and nothing else of the gate', async () => {
    const askedOfInstance = new Set<string | undefined>()
    setup.instance.server.on('request', ({ url }: IncomingMessage) => askedOfInstance.add(url))
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const headers = { host: ALICE }
    const visit = () =>
      new Promise<void>((resolve) => {
        const sent = request({ host: '127.0.0.1', port: setup.port, path: '/page', headers, agent })
        // A change of the configuration may reset a connection: another matter.
        sent.on('error', () => resolve())
        sent.on('response', (response) => response.resume().on('close', resolve))
        sent.end()
      })
    for (let i = 0; i < CHANGES; i++) {
      const routes = [{ handle: [{ handler: 'static_response', body: String(i) }] }]
      const other = { listen: [`unix/${folder}/other.sock`], automatic_https: { disable: true }, routes }
      await caddy.admin.write(i === 0 ? 'PUT' : 'PATCH', OTHERS, other)
      for (let round = 0; round < ROUNDS; round++) await Promise.all(Array.from({ length: AT_ONCE }, visit))
    }
    agent.destroy()
    expect([...askedOfInstance]).toEqual(['/page'])
    expect(new Set(setup.platform.asked.map(({ path }) => path))).toEqual(new Set([GATE_PATH]))
    expect(caddy.process.exitCode).toBeNull()
  })
})
