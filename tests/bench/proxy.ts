/**
 * The AI proxy with its durable ledger on PostgreSQL, between a client and the demonstration model: what it adds to a
 * call, how many it passes on beside a rival that keeps no ledger, whether its memory stays flat, and whether its
 * ledger is exact.
 */
import { type BooksDifference, compareWithTruth } from './proxy-books.ts'
import { createWay, type Kind, type Load, load, type Way } from './proxy-load.ts'
import {
  createCommitFloor,
  type ProxyParts,
  processorMs,
  residentMb,
  startProxyParts,
} from './proxy-parts.ts'
import { type BenchResult, median, quantile, round, timed } from './result.ts'

const WARM_UP_CALLS = 300
/** Of each kind and way, in turns. */
const SINGLE_CALLS = 500
const ROUNDS = 5
const SECONDS_PER_LOAD = 3
const AT_ONCE = 32
const MEMORY_CALLS = 10_000
const MEMORY_SAMPLES = 10
const ENOUGH_S = 120

/** One price for both names; the ways are told apart by them. */
const PROXIED_MODEL = 'claude-haiku-4-5-20251001'
const OTHER_MODEL = 'claude-haiku-4-5'

const WAYS = ['direct', 'proxy', 'portkey'] as const
type Ways = Record<(typeof WAYS)[number], Way>

export async function run(): Promise<BenchResult> {
  await using parts = await startProxyParts()
  const ways = waysThrough(parts)
  try {
    for (const name of WAYS)
      for (const kind of ['streamed', 'whole'] as const)
        await load(ways[name], kind, { seconds: ENOUGH_S, atOnce: AT_ONCE, most: WARM_UP_CALLS })
    const commit = await createCommitFloor(parts.database)
    const streamed = await measureSingle(ways, 'streamed', commit)
    const whole = await measureSingle(ways, 'whole', commit)
    const loads = await measureLoads(ways)
    const memory = await measureMemory(ways.proxy, parts.proxy.pid)
    const books = await compareWithTruth(parts, PROXIED_MODEL)
    return result({ streamed, whole, loads, memory, books })
  } finally {
    for (const name of WAYS) await ways[name].close()
  }
}

const waysThrough = ({ model, floorModel, proxy, portkey }: ProxyParts): Ways => ({
  direct: createWay({ url: floorModel.url, model: OTHER_MODEL, headers: [{ 'x-api-key': 'any' }] }),
  proxy: createWay({
    url: proxy.url,
    model: PROXIED_MODEL,
    headers: proxy.tokens.map((token) => ({ 'x-api-key': token })),
  }),
  portkey: createWay({
    url: portkey.url,
    model: OTHER_MODEL,
    headers: [
      {
        authorization: 'Bearer any',
        'x-portkey-provider': 'anthropic',
        'x-portkey-custom-host': `${model.url}/v1`,
      },
    ],
  }),
})

interface Single {
  totalMs: Record<keyof Ways, number[]>
  firstMs: Record<keyof Ways, number[]>
  /** Of one small transaction in PostgreSQL. */
  commitMs: number[]
  failed: number
}

const noSamples = (): Record<keyof Ways, number[]> => ({ direct: [], proxy: [], portkey: [] })

/** One call at a time, by each way in turn, so that a busy moment spoils all three. */
async function measureSingle(ways: Ways, kind: Kind, commit: () => Promise<unknown>): Promise<Single> {
  const single: Single = { totalMs: noSamples(), firstMs: noSamples(), commitMs: [], failed: 0 }
  for (let i = 0; i < SINGLE_CALLS; i++) {
    single.commitMs.push(await timed(commit))
    for (const name of WAYS) {
      const times = await ways[name].call(kind)
      if (!times) single.failed += 1
      single.totalMs[name].push(times?.totalMs ?? Number.NaN)
      single.firstMs[name].push(times?.firstMs ?? Number.NaN)
    }
  }
  return single
}

type Loads = Record<Kind, Record<keyof Ways, Load[]>>

async function measureLoads(ways: Ways): Promise<Loads> {
  const none = (): Record<keyof Ways, Load[]> => ({ direct: [], proxy: [], portkey: [] })
  const loads: Loads = { streamed: none(), whole: none() }
  for (let i = 0; i < ROUNDS; i++)
    for (const kind of ['streamed', 'whole'] as const)
      for (const name of WAYS)
        loads[kind][name].push(await load(ways[name], kind, { seconds: SECONDS_PER_LOAD, atOnce: AT_ONCE }))
  return loads
}

interface Memory {
  samplesMb: number[]
  /** Of the proxy, user and system: hardly changed by what else the machine does. */
  cpuMsPerCall: number
  failed: number
}

/** The proxy's memory after each tenth of so many streamed calls. */
async function measureMemory(way: Way, pid: number): Promise<Memory> {
  const samplesMb = []
  let failed = 0
  const cpuMsBefore = processorMs(pid)
  for (let i = 0; i < MEMORY_SAMPLES; i++) {
    const most = MEMORY_CALLS / MEMORY_SAMPLES
    failed += (await load(way, 'streamed', { seconds: ENOUGH_S, atOnce: AT_ONCE, most })).failed
    samplesMb.push(residentMb(pid))
  }
  return { samplesMb, cpuMsPerCall: (processorMs(pid) - cpuMsBefore) / MEMORY_CALLS, failed }
}

interface Measured {
  streamed: Single
  whole: Single
  loads: Loads
  memory: Memory
  books: BooksDifference
}

/** Of neighbours in time, sample by sample. */
const added = (samples: Single['totalMs'], name: keyof Ways) =>
  samples[name].map((value, i) => value - (samples.direct[i] ?? Number.NaN))

const ratioOf = (loads: Record<keyof Ways, Load[]>, name: keyof Ways, over: keyof Ways) =>
  round(median(loads[name].map(({ perSecond }, i) => perSecond / (loads[over][i]?.perSecond ?? Number.NaN))))

const perSecond = (loads: Load[]) => Math.round(median(loads.map((one) => one.perSecond)))

function result({ streamed, whole, loads, memory, books }: Measured): BenchResult {
  const failedLoads = Object.values(loads).flatMap((ways) => Object.values(ways).flat())
  const failed = failedLoads.reduce(
    (sum, one) => sum + one.failed,
    streamed.failed + whole.failed + memory.failed,
  )
  const { samplesMb } = memory
  // The first tenths fill pools and compile code.
  const settled = samplesMb.slice(2)
  return {
    bench: 'proxy',
    ok: failed === 0 && books.nanoUsd === 0 && books.missing === 0,
    figures: {
      addedP50Ms: round(median(added(whole.totalMs, 'proxy'))),
      addedP99Ms: round(quantile(added(whole.totalMs, 'proxy'), 0.99)),
      addedStreamP50Ms: round(median(added(streamed.totalMs, 'proxy'))),
      addedFirstTokenMs: round(median(added(streamed.firstMs, 'proxy'))),
      streamsPerSecond: perSecond(loads.streamed.proxy),
      wholePerSecond: perSecond(loads.whole.proxy),
      cpuMsPerCall: round(memory.cpuMsPerCall),
      memoryMb: round(samplesMb.at(-1) ?? Number.NaN),
      memoryGrowthMb: round((settled.at(-1) ?? Number.NaN) - (settled[0] ?? Number.NaN)),
      ledgerCalls: books.calls,
      ledgerDifferenceNanoUsd: books.nanoUsd,
      ledgerMissingCalls: books.missing,
      failed,
    },
    floor: {
      commitP50Ms: round(median(whole.commitMs)),
      p50Ms: round(median(whole.totalMs.direct)),
      firstTokenP50Ms: round(median(streamed.firstMs.direct)),
      streamsPerSecond: perSecond(loads.streamed.direct),
      wholePerSecond: perSecond(loads.whole.direct),
      portkeyAddedP50Ms: round(median(added(whole.totalMs, 'portkey'))),
      portkeyAddedFirstTokenMs: round(median(added(streamed.firstMs, 'portkey'))),
      portkeyStreamsPerSecond: perSecond(loads.streamed.portkey),
      portkeyWholePerSecond: perSecond(loads.whole.portkey),
    },
    ratio: {
      throughputOverPortkey: ratioOf(loads.streamed, 'proxy', 'portkey'),
      wholeThroughputOverPortkey: ratioOf(loads.whole, 'proxy', 'portkey'),
      throughputOverDirect: ratioOf(loads.streamed, 'proxy', 'direct'),
    },
    notes: `addedP50Ms: ${SINGLE_CALLS} whole answers one at a time, by the proxy and straight to the model in turns, the median of the differences; addedFirstTokenMs: the same of ${SINGLE_CALLS} streams, until the first byte. commitP50Ms: one row inserted by itself, between these calls; a call waits for one such transaction before it is sent. Throughput: ${ROUNDS} rounds of ${SECONDS_PER_LOAD} s with ${AT_ONCE} calls at once, in turns; the ratio over @portkey-ai/gateway, which keeps no ledger, is of streams of some 20 events, and each round's own. The proxy is one process with holds and settlements in PostgreSQL, for 32 people. cpuMsPerCall: its user and system time over the ${MEMORY_CALLS} streams. All share this machine's cores with the client and the model. memoryGrowthMb: of the proxy, from the third to the last thousand of ${MEMORY_CALLS} streams. The ledger is compared with the model's truth call by call.`,
  }
}
