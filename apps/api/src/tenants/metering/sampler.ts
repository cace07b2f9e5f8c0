/**
 * Looks at what is up, at an easy pace: CPU, memory and network from the runtime, the home's size more seldom where
 * that reads all of it. Two looks make a sample.
 */
import { type InstanceId, isUp } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Runtime, RuntimeUsage } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow } from '../store.ts'
import { createHomeSizes, type HomeSizesOptions } from './home-sizes.ts'
import type { MeteringStore, UsageSample } from './store.ts'

/** The engine has more urgent things to answer. */
const LOOKS_AT_ONCE = 2
interface Look {
  at: number
  generation: number
  usage: RuntimeUsage
}

export interface SamplerOptions extends HomeSizesOptions {
  store: Pick<MeteringStore, 'insert'>
  cache: Pick<InstanceCache, 'all' | 'get'>
  runtime: Pick<Runtime, 'usage'>
}

export function createSampler(options: SamplerOptions) {
  const { store, cache, runtime, clock, log } = options
  const limit = pLimit(LOOKS_AT_ONCE)
  const looks = new Map<InstanceId, Look>()
  /** Since the last round: what came up then began with nothing. */
  let rested: { at: number; ids: ReadonlySet<InstanceId> } = { at: 0, ids: new Set() }
  const sizes = createHomeSizes(options)

  async function look(row: InstanceRow): Promise<UsageSample | null> {
    const usage = await runtime.usage(servingContainer(row))
    const began = rested.ids.has(row.id) ? lookAtNothing(rested.at, row.generation) : null
    const before = looks.get(row.id) ?? began
    if (!usage) return null
    const now = { at: clock.monotonic(), generation: row.generation, usage }
    looks.set(row.id, now)
    return before ? sampleOf(row.id, before, now, new Date(clock.now())) : null
  }

  function forget(): void {
    for (const id of new Set([...looks.keys(), ...sizes.ids()])) {
      const row = cache.get(id)
      if (row && isUp(row)) continue
      looks.delete(id)
      sizes.forget(id)
    }
  }

  return {
    /** Another process looks now: what it samples is not to be sampled once more, by one look across all that time. */
    rest() {
      looks.clear()
      rested = { at: 0, ids: new Set() }
    },

    /** One round. What could not be looked at is left out. */
    async run(): Promise<void> {
      forget()
      const all = [...cache.all()]
      const rows = all.filter(isUp)
      const resting = {
        at: clock.monotonic(),
        ids: new Set(all.filter((row) => !isUp(row)).map(({ id }) => id)),
      }
      // Nothing changes in a home while its computer is paused.
      await sizes.look(rows.filter(({ observed }) => observed === 'running'))
      const samples = await Promise.all(
        rows.map((row) =>
          limit(() => look(row)).catch((error: unknown) => {
            log.debug({ err: error, instance: row.id }, 'could not be measured')
            return null
          }),
        ),
      )
      rested = resting
      const taken = samples.filter((sample) => sample !== null)
      if (taken.length === 0) return
      await store.insert(taken.map((sample) => ({ ...sample, diskBytes: sizes.of(sample.instanceId) })))
    },
  }
}

const NOTHING: RuntimeUsage = { cpuMs: 0, memoryBytes: 0, receivedBytes: 0, sentBytes: 0 }
const lookAtNothing = (at: number, generation: number): Look => ({ at, generation, usage: NOTHING })

const COUNTERS = ['cpuMs', 'receivedBytes', 'sentBytes'] as const

/** What was started anew in between counts from nothing: who ends and comes again is not to use its time unseen. */
function sampleOf(instanceId: InstanceId, before: Look, now: Look, at: Date): UsageSample | null {
  const isOneRun =
    now.generation === before.generation && COUNTERS.every((key) => now.usage[key] >= before.usage[key])
  const from = isOneRun ? before.usage : NOTHING
  const gone = (key: (typeof COUNTERS)[number]) => Math.round(now.usage[key] - from[key])
  const sample = {
    ...{ instanceId, at, overMs: Math.round(now.at - before.at), cpuMs: gone('cpuMs') },
    ...{ receivedBytes: gone('receivedBytes'), sentBytes: gone('sentBytes') },
    memoryBytes: Math.round(now.usage.memoryBytes),
  }
  return sample.overMs > 0 ? sample : null
}
