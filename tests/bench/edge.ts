/**
 * Awake requests through Caddy, by a pass and by the gate alone, at 1, 1,000 and 10,000 routes, beside the same Caddy without a gate and
 * beside configurable-http-proxy, in turns; then WebSockets and requests while routes change 200 times.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostsOf, PASS_FOLDER } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { type EdgeDriver, socketsIn } from '../../apps/edge/src/driver.ts'
import { createCaddyDriver } from '../../apps/edge/src/drivers/caddy/driver.ts'
import { createLog } from '../../apps/edge/src/log.ts'
import { LIMITS } from '../../apps/edge/src/policy/limits.ts'
import { startCaddy, type TestCaddy } from '../../apps/edge/src/testing/caddy.ts'
import { serving } from '../../apps/edge/src/testing/caddy-edge.ts'
import { freePort } from '../../apps/edge/src/testing/servers.ts'
import { realTimers } from '../../apps/edge/src/timers.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import {
  askGate,
  type BenchGate,
  gateOf,
  load,
  moveInstance,
  openSockets,
  passHeaders,
  residentMb,
  startChp,
  untilOneListener,
} from './edge-parts.ts'
import { type Churn, type Loads, ROUTES, result } from './edge-result.ts'
import { startVisitors } from './edge-visitors.ts'
import type { BenchResult } from './result.ts'

const SECONDS_PER_LOAD = 2
const ROUNDS = 7
const CHANGES = 200
const WEB_SOCKETS = 50

interface Rig extends AsyncDisposable {
  gate: BenchGate
  caddy: TestCaddy
  driver: EdgeDriver
  ports: { edge: number; bare: number; chp: number; bareStatic: number }
  /** A second viewer, whose instance is nothing but a constant answer. */
  still: BenchGate
  /** What the floors' requests carry, as the instance would get it behind the edge. */
  floorHeaders: Record<string, string>
}

export async function run(): Promise<BenchResult> {
  // The address that is set below must not be looked at anew meanwhile.
  await using stack = await bootStack({ parts: 'real', env: { LOG_LEVEL: 'warn', RESYNC_S: '86400' } })
  await using rig = await startRig(stack)
  const loads = await measureLoads(rig, ROUNDS, SECONDS_PER_LOAD)
  const churn = await measureChanges(rig, CHANGES, WEB_SOCKETS)
  const notes = `${ROUNDS} rounds of ${SECONDS_PER_LOAD} s, ${CHANGES} changes; GET /health by a signed-in viewer, of a real instance and, where named static, of a constant answer behind the same gate. By a pass, the gate is asked once in some seconds; by the gate, for every request. configurable-http-proxy (chp) is version 5.3.0 and checks nobody.`
  const met = churn.visits.reasons.map((reason) => ` Failed while changing: ${reason}.`).join('')
  return result(loads, churn, `${notes}${met}`)
}

async function startRig(platform: Stack): Promise<Rig> {
  const gate = await gateOf(platform, 'bench')
  const still = await gateOf(platform, 'still')
  await using stack = new AsyncDisposableStack()
  const runDir = await mkdtemp(join(tmpdir(), 'mos-bench-edge-'))
  stack.defer(() => rm(runDir, { recursive: true, force: true }))
  const { upstream, headers } = await askGate(gate)
  const ports = {
    ...{ edge: await freePort(), bare: await freePort(), chp: await freePort() },
    bareStatic: await freePort(),
  }
  stack.use(await startChp(ports.chp, await freePort(), upstream))
  const caddy = stack.use(await startCaddy(runDir, process.env))
  const constant = await freePort()
  const servers = {
    bare: bareServer(ports.bare, upstream),
    constant: constantServer(constant),
    bareStatic: bareServer(ports.bareStatic, `127.0.0.1:${constant}`),
  }
  for (const [name, server] of Object.entries(servers))
    await caddy.admin.write('PUT', `/config/apps/http/servers/${name}`, server)
  await moveInstance(platform, still, constant)
  const driver = createCaddyDriver({
    hosts: hostsOf(`http://localhost:${ports.edge}`, gate.host.split('.').slice(1).join('.')),
    sockets: { ...socketsIn(runDir), gate: gate.gateSocket },
    listen: `127.0.0.1:${ports.edge}`,
    trustedProxies: [],
    limits: LIMITS,
    passFolder: join(platform.platform().runDir, PASS_FOLDER),
    ...{ tls: 'off', askListen: '127.0.0.1:0', adminAddress: caddy.address, resyncMs: 600_000 },
    ...{ streamMemoryBytes: 1_073_741_824, log: createLog('silent'), timers: realTimers },
  })
  stack.defer(() => driver.close())
  driver.apply([])
  await serving(ports.edge)
  const owned = stack.move()
  return {
    ...{ gate, still, caddy, driver, ports, floorHeaders: { ...headers, host: gate.host } },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const bareServer = (port: number, upstream: string) => ({
  listen: [`127.0.0.1:${port}`],
  automatic_https: { disable: true },
  routes: [{ handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: upstream }] }] }],
})

const constantServer = (port: number) => ({
  listen: [`127.0.0.1:${port}`],
  automatic_https: { disable: true },
  routes: [{ handle: [{ handler: 'static_response', status_code: 200, body: '{"status":"ok"}' }] }],
})

const own = (gate: BenchGate) => gate.host.split('.')[0] ?? ''

/** The measured host has a route in each list. Resolves when Caddy has the last one, and no longer `gone`. */
async function setRoutes(rig: Rig, handles: string[], gone?: string): Promise<void> {
  const sorted = [...new Set([own(rig.gate), ...handles])]
  rig.driver.apply(sorted.map((handle) => ({ handle })))
  const last = sorted.at(-1) ?? ''
  const has = async (handle: string) => (await rig.caddy.admin.read(`/id/tenant-${handle}`)) !== null
  const isLive = async () => (await has(last)) && !(gone && (await has(gone)))
  await until(`a route for ${last}`, isLive, 120_000)
}

const handles = (count: number, stem: string) =>
  Array.from({ length: count - 1 }, (_, i) => `${stem}${i + 1}`)

/** Every round measures everything once, so that a busy neighbour spoils a round and not a contender. */
async function measureLoads(rig: Rig, rounds: number, seconds: number): Promise<Loads> {
  const { ports, gate, still } = rig
  const loads: Loads = {}
  const edgeHeaders = { host: gate.host, cookie: gate.cookie }
  const stillHeaders = { host: still.host, cookie: still.cookie }
  const holders = [await passHeaders(gate, ports.edge), await passHeaders(still, ports.edge)] as const
  const measure = async (name: string, port: number, headers: Record<string, string>) => {
    await load({ port, headers, seconds: 1 })
    const measured = await load({ port, headers, seconds })
    loads[name] = [...(loads[name] ?? []), measured]
  }
  const change = async (list: string[], gone?: string) => {
    await setRoutes(rig, list, gone)
    await untilOneListener([ports.edge, ports.bare, ports.bareStatic])
  }
  for (let round = 0; round < rounds; round++) {
    await measure('bare', ports.bare, rig.floorHeaders)
    await measure('chp', ports.chp, rig.floorHeaders)
    await measure('bareStatic', ports.bareStatic, rig.floorHeaders)
    let last = ''
    for (const count of ROUTES) {
      // A name of the round's own at the end shows that this round's list is the one that is live.
      if (count > 1) last = `round${round}-${count}`
      await change([...handles(count, 'tenant'), ...(count > 1 ? [last] : [])])
      await measure(`gate${count}`, ports.edge, edgeHeaders)
      await measure(`pass${count}`, ports.edge, holders[0])
      if (count > 1) continue
      await measure('gateStatic', ports.edge, stillHeaders)
      await measure('passStatic', ports.edge, holders[1])
    }
    await change([], last)
  }
  return loads
}

async function measureChanges(rig: Rig, changes: number, webSockets: number): Promise<Churn> {
  const { ports, gate, caddy } = rig
  const base = handles(1000, 'tenant')
  await setRoutes(rig, [...base, 'before'])
  const memoryBeforeMb = residentMb(caddy.process.pid)
  const sockets = await openSockets(webSockets, ports.edge, gate)
  const visitors = startVisitors({ port: ports.edge, headers: { host: gate.host, cookie: gate.cookie } })
  const floorVisitors = startVisitors({ port: ports.bare, headers: rig.floorHeaders })
  const changeMs: number[] = []
  for (let i = 0; i < changes; i++) {
    const began = performance.now()
    await setRoutes(rig, [...base, `change${i}`])
    changeMs.push(performance.now() - began)
  }
  const [visits, floorVisits] = [await visitors.stop(), await floorVisitors.stop()]
  const memoryAfterMb = residentMb(caddy.process.pid)
  const droppedWebSockets = sockets.dropped()
  sockets.close()
  return { droppedWebSockets, visits, floorVisits, changeMs, memoryBeforeMb, memoryAfterMb }
}
