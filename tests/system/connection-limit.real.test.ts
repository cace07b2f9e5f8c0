/** The host's limit of connections (`deploy/host`) before a real Caddy, in a network namespace of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findCaddy } from '@matrixos/host/caddy/binary'
import { ROOT } from '@matrixos/host/root'
import { hostsOf } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { socketsIn } from '../../apps/edge/src/driver.ts'
import { LIMITS } from '../../apps/edge/src/policy/limits.ts'
import { startCaddy } from '../../apps/edge/src/testing/caddy.ts'
import { caddyDriver } from '../../apps/edge/src/testing/caddy-edge.ts'

const run = promisify(execFile)
const SCRIPT = join(ROOT, 'deploy/host/connection-limit.sh')
const PORT = 8080
const MOST = 5
/** An IPv6 network, its neighbour, and a trusted proxy. */
const V6 = ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:2::1', 'fd00::1']

/** Tries one connection after the other from each address, sends a request, and holds what opens. */
const CLIENT = `
const { connect } = require('node:net')
const [host, port, count, ...from] = process.argv.slice(1)
const one = (localAddress) => new Promise((resolve) => {
  const socket = connect({ host, port, localAddress }, () => socket.write('GET / HTTP/1.1\\r\\nHost: nowhere.example\\r\\n\\r\\n'))
  socket.once('data', () => resolve(true))
  socket.once('error', () => resolve(false))
})
;(async () => {
  let open = 0
  for (let i = 0; i < count; i++) if (await one(from[i % from.length])) open++
  process.stdout.write(String(open), () => process.exit())
})()
`

/** Runs a command in a network of its own. The namespace ends with the process that holds it. */
async function startNamespace() {
  const holder: ChildProcess = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  const network = (pid: number | 'self') => readlink(`/proc/${pid}/ns/net`).catch(() => undefined)
  const own = await network('self')
  await until('the namespace', async () => ((await network(holder.pid ?? 0)) ?? own) !== own)
  const enter = ['--net', '--target', String(holder.pid)]
  const inside = (command: string[], env: NodeJS.ProcessEnv = {}) =>
    run('nsenter', [...enter, ...command], { env: { PATH: process.env.PATH, ...env } })
  await inside(['ip', 'link', 'set', 'lo', 'up'])
  for (const address of V6) await inside(['ip', 'addr', 'add', `${address}/128`, 'dev', 'lo'])
  return { enter, inside, [Symbol.dispose]: () => void holder.kill('SIGKILL') }
}

async function startEdge() {
  await using stack = new AsyncDisposableStack()
  const runDir = await mkdtemp(join(tmpdir(), 'mos-limit-'))
  stack.defer(() => rm(runDir, { recursive: true, force: true }))
  const namespace = stack.use(await startNamespace())
  const binary = join(runDir, 'caddy-inside')
  const caddy = findCaddy({ binary: process.env.CADDY_BIN, path: process.env.PATH })
  await writeFile(binary, `#!/bin/sh\nexec nsenter ${namespace.enter.join(' ')} ${caddy} "$@"\n`)
  await chmod(binary, 0o755)
  const running = stack.use(await startCaddy(runDir, { ...process.env, CADDY_BIN: binary }))
  const driver = caddyDriver({
    ...{ caddy: running, runDir, sockets: socketsIn(runDir), listen: `:${PORT}` },
    ...{ hosts: hostsOf('http://localhost'), trustedProxies: [], limits: LIMITS },
  })
  stack.defer(() => driver.close())
  driver.apply([])
  await until('the edge', () => running.admin.read('/id/mos-unknown'))
  const owned = stack.move()
  const limit = (verb: string) =>
    namespace.inside([SCRIPT, verb], {
      EDGE_LISTEN: `:${PORT}`,
      EDGE_CONNECTIONS_PER_NETWORK: String(MOST),
      TRUSTED_PROXIES: '127.0.0.2, fd00::/8',
    })
  /** How many of twice as many connections as there may be open, alternating between the addresses. */
  const opened = async (...from: string[]) => {
    const to = from[0]?.includes(':') ? '::1' : '127.0.0.1'
    const args = ['-e', CLIENT, to, String(PORT), String(2 * MOST), ...from]
    return Number((await namespace.inside([process.execPath, ...args])).stdout)
  }
  return { limit, opened, namespace, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

describeReal(['caddy', 'docker'], 'the host’s limit of connections', () => {
  it('limits a network address before Caddy, and does not limit the proxies', async () => {
    await using edge = await startEdge()
    expect(await edge.opened('127.0.0.5')).toBe(2 * MOST)
    await edge.limit('apply')
    await edge.limit('apply')
    expect(await edge.opened('127.0.0.5')).toBe(MOST)
    expect(await edge.opened('127.0.0.6')).toBe(MOST)
    expect(await edge.opened('127.0.0.2')).toBe(2 * MOST)
    expect(await edge.opened('2001:db8:0:1::1', '2001:db8:0:1::2')).toBe(MOST)
    expect(await edge.opened('2001:db8:0:1::1', '2001:db8:0:2::1')).toBe(2 * MOST)
    expect(await edge.opened('fd00::1')).toBe(2 * MOST)
    // Who has closed connections may open others.
    await until('a place', async () => (await edge.opened('127.0.0.5')) === MOST)
    await edge.limit('remove')
    expect(await edge.opened('127.0.0.5')).toBe(2 * MOST)
    expect((await edge.namespace.inside(['iptables', '-S'])).stdout).not.toContain('MATRIXOS')
  })
})
