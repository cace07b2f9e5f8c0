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
/** What is paused gives its memory back a moment later, and then nothing of it changes until it goes on. */
const LOOKS_AT_PAUSED = 2

interface Look {
  at: number
  generation: number
  usage: RuntimeUsage
  /** Version of the row, and how often in a row it was paused and of this version. */
  version: number
  paused: number
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

  /** In a crowd most are paused: the engine would do little else than say the same of them again. */
  const usageOf = (row: InstanceRow, known: Look | undefined): Promise<RuntimeUsage | null> | RuntimeUsage =>
    known && known.version === row.version && known.paused >= LOOKS_AT_PAUSED
      ? known.usage
      : runtime.usage(servingContainer(row))

  async function look(row: InstanceRow): Promise<UsageSample | null> {
    const { id, generation, version } = row
    const usage = await usageOf(row, looks.get(id))
    const known = looks.get(id)
    const before = known ?? (rested.ids.has(id) ? lookAtNothing(rested.at, generation) : null)
    if (!usage) return null
    const paused = row.observed !== 'paused' ? 0 : known?.version === version ? known.paused + 1 : 1
    const now = { at: clock.monotonic(), generation, usage, version, paused }
    looks.set(id, now)
    return before ? sampleOf(id, before, now, new Date(clock.now())) : null
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
const lookAtNothing = (at: number, generation: number): Look => ({
  ...{ at, generation, usage: NOTHING },
  ...{ version: 0, paused: 0 },
})

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
