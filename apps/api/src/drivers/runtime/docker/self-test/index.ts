/**
 * Tries from inside whether the walls hold: two containers on each of the instances' bridges look for each other, for those
 * on other bridges, for a port of this machine and for the services that instances need. What is found open keeps every instance from being started.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { SelfTestReport, SelfTestRequest } from '../../../../ports/runtime.ts'
import type { Bridge } from '../bridges.ts'
import type { DockerContext } from '../context.ts'
import type { Firewall } from '../firewall/index.ts'
import { gatewayAddress } from '../subnet.ts'
import { discardLeft, startTester, type Tester } from './container.ts'
import { type Findings, failureOf, isProvenClosed, reportOf, worstOf } from './judge.ts'
import { SELF_TEST_PORT } from './program.ts'

const READY_MS = 20_000
const READY_POLL_MS = 100

export interface SelfTest {
  /** Throws when it could not be done; an earlier failure then stands. */
  run(request: SelfTestRequest): Promise<SelfTestReport>
}

/** Of a run, and of all before it. */
export interface Verdict {
  /** Why instances must not run; `null`: nothing was found open. */
  failure: string | null
}

interface Looking {
  one: Tester
  others: readonly Tester[]
  bridge: Bridge
  services: SelfTestRequest['services']
}

export function createSelfTest(context: DockerContext, firewall: Firewall, verdict: Verdict): SelfTest {
  async function look({ image, services }: SelfTestRequest): Promise<SelfTestReport> {
    await discardLeft(context)
    await context.network.ensure(0)
    await using testers = new AsyncDisposableStack()
    const found: Findings[] = []
    const elsewhere: Tester[] = []
    // One bridge after another, so that the machine never runs many more containers for it than there are bridges.
    for (const bridge of await context.network.existing()) {
      const one = testers.use(await startTester(context, { image, bridge }))
      await using other = await startTester(context, { image, bridge })
      await Promise.all([one, other].map(whenReady))
      found.push(await findingsOf({ one, others: [other, ...elsewhere], bridge, services }))
      elsewhere.push(one)
    }
    return reportOf(worstOf(found))
  }

  async function findingsOf({ one, others, bridge, services }: Looking): Promise<Findings> {
    const gateway = gatewayAddress(bridge.subnet)
    await using port = await openPort(gateway)
    const neighbours = others.map(({ address }) => ({ host: address, port: SELF_TEST_PORT }))
    const host = port === null ? [] : [{ host: gateway, port: port.number }]
    const reached = await one.reached([...neighbours, ...host, ...services])
    const rest = reached.slice(neighbours.length)
    return {
      neighbourReached: reached.slice(0, neighbours.length).some(Boolean),
      hostReached: host.length > 0 ? (rest[0] ?? null) : null,
      isMetadataClosed: await firewall.closesMetadata(),
      servicesReached: rest.slice(host.length).every(Boolean),
    }
  }

  return {
    async run(request) {
      const report = await look(request)
      const failure = failureOf(report, firewall.state())
      if (failure !== null) verdict.failure = failure
      else if (isProvenClosed(report, firewall.state())) verdict.failure = null
      return report
    },
  }
}

/** This machine reaches every container, so it answers: what then reaches nothing was kept from it. */
async function whenReady(tester: Tester): Promise<void> {
  const deadline = performance.now() + READY_MS
  for (;;) {
    try {
      return void (await tester.reached([]))
    } catch (error) {
      if (performance.now() > deadline) throw error
      await delay(READY_POLL_MS)
    }
  }
}

/** At the bridge's own address, which nothing but instances and this machine reaches; `null`: the api is elsewhere. */
async function openPort(host: string) {
  const server = createServer((socket) => socket.destroy())
  try {
    await once(server.listen(0, host), 'listening')
  } catch {
    return null
  }
  const address = server.address()
  return {
    number: address !== null && typeof address === 'object' ? address.port : 0,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
