/** The periodic source of truth: compares the runtime with the rows, repairs drift, and clears orphans. */
import { isDeepStrictEqual } from 'node:util'
import { type Desired, type InstanceId, nextAction, type Observed } from '@matrixos/shared'
import pLimit from 'p-limit'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { InstanceAddress, Runtime, RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import { servingContainer } from '../spec.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { type AiTokenUse, aiTokensInUse } from './ai-tokens-in-use.ts'
import { retryDelayMs } from './backoff.ts'
import { failureBody } from './failure-text.ts'
import { goBack } from './go-back.ts'
import { isHealthy } from './probe.ts'
import { LOG_LINES } from './ready.ts'
import type { Reconciler, ReconcilerOptions } from './reconciler.ts'
import { recordFailure } from './record-failure.ts'
import { createRetire, type RetireOptions } from './retire.ts'
import { servedAddress } from './served-address.ts'
import type { Outcome } from './store.ts'
import { trackSince } from './track-since.ts'

/** What runs at least this long before it stops by itself counts as having worked. */
const STABLE_MS = 60_000
/** Unused for this long when it stops by itself: nobody waits for it. */
const UNUSED_MS = 60_000
/** What hangs is waited for, and a crowd that ended together is written down: neither holds up all others. */
const COMPARED_AT_ONCE = 16

type Drift = Pick<Outcome, 'observed'> & Partial<Outcome>

export interface ResyncOptions {
  store: TenantStore
  cache: InstanceCache
  runtime: Runtime
  reconciler: Pick<Reconciler, 'enqueue'>
  /** Milliseconds since 1970. */
  lastUsedAt: (id: InstanceId) => number
  /** Ends the tokens for AI calls that are older than those that instances have. */
  retireAiTokens: (inUse: AiTokenUse[]) => Promise<void>
  /** Of what was upgraded a moment ago and stopped by itself. */
  wentBack: ReconcilerOptions['wentBack']
  freeSlot: RetireOptions['freeSlot']
  supersededSlots: RetireOptions['supersededSlots']
  /** Whether a container without an account tries an image. */
  isTrial: (id: InstanceId) => Promise<boolean>
  clock: Clock
  log: Log
}

export function createResync(options: ResyncOptions) {
  const { store, cache, runtime, reconciler, clock, log } = options
  const retire = createRetire(options)
  const isUp = ({ observed }: InstanceRow) => observed === 'running' || observed === 'paused'
  // What ran before this process did is taken to run since then: nobody can know more.
  const upSince = trackSince({
    cache,
    clock,
    tracked: (row) => (isUp(row) ? 'up' : null),
    initially: clock.monotonic(),
  })

  /** How long the instance has run, in milliseconds, by this process's own clock. */
  function ranMs({ id }: InstanceRow): number {
    const now = clock.monotonic()
    return now - (upSince().get(id) ?? now)
  }

  const observe = (row: InstanceRow, drift: Drift & { desired?: Desired }, rule?: { unusedMs: number }) =>
    recordFailure(
      drift,
      (what) => store.observe(row, what, rule),
      (error) => log.error({ err: error, instance: row.id }, 'failed to record a failure'),
    )

  /** What exits while nobody uses it goes to sleep instead of starting again. Another process may know of a use. */
  async function letSleep(row: InstanceRow, drift: Drift): Promise<boolean> {
    const isCrash = drift.observed === 'stopped' && row.desired === 'awake'
    if (!isCrash || options.lastUsedAt(row.id) > clock.now() - UNUSED_MS) return false
    const asleep = { ...drift, desired: 'asleep', failures: 0, nextAttemptAt: null } as const
    const written = await observe(row, asleep, { unusedMs: UNUSED_MS })
    return cache.publish(written) !== null
  }

  /** What stops by itself right after an upgrade has the version before again. */
  function settledBy(row: InstanceRow, drift: Drift | null): Drift | null {
    const back = drift?.observed === 'stopped' && drift.error ? goBack(row) : null
    if (back && drift?.error) options.wentBack(row, drift.error)
    return back ?? drift
  }

  /** The last lines of what keeps crashing, for its owner. */
  async function withOutput(row: InstanceRow, drift: Drift): Promise<Drift> {
    if (!drift.error || !drift.nextAttemptAt) return drift
    const detail = await runtime.logs(servingContainer(row), LOG_LINES).catch(() => '')
    const { code, message } = drift.error
    return { ...drift, error: failureBody(new AppError(code, message, { detail })) }
  }

  /** One instance against what the runtime shows of it. */
  async function compare(row: InstanceRow, seen: RuntimeInstance | null): Promise<void> {
    if (!row.leaseOwner) {
      const drift = settledBy(row, await driftOf(row, seen, { now: clock.now(), ranMs: ranMs(row) }))
      if (drift) {
        log.info(
          { instance: row.id, handle: row.handle, from: row.observed, to: drift.observed },
          'runtime state differs from the row',
        )
        if (!(await letSleep(row, drift))) {
          const seenNow = await withOutput(row, drift)
          // Refused: the row here is older than the database's, and so is what the gate goes by.
          if (!cache.publish(await observe(row, seenNow))) await cache.reloadOne(row.id)
        }
      }
    }
    const now = cache.get(row.id)
    if (now && nextAction(now)) reconciler.enqueue(row.id)
  }

  async function one(id: InstanceId): Promise<void> {
    const row = cache.get(id)
    if (row) await compare(row, await runtime.inspect(servingContainer(row)))
  }

  /**
   * Rows are written before anything is made and go after everything is removed, so a stray means that the database
   * lost rows. It is stopped and its home kept: a restored database finds it again. Another process may have added
   * the row a moment ago, so the database is asked.
   */
  async function stopStray({ id, handle, generation }: RuntimeInstance): Promise<void> {
    const now = await runtime.inspect({ id, handle, generation })
    await cache.reloadOne(id)
    if (cache.get(id) || (await options.isTrial(id))) return
    if (now?.status !== 'running' && now?.status !== 'paused') return
    log.error({ instance: id, handle }, 'instance without an account: stopping it, keeping its home')
    await runtime.stop(id, { generation })
  }

  /**
   * The rows are read before the runtime: whatever changed in between has another version by then, and what was
   * seen is not written over it.
   */
  async function compareAll(): Promise<RuntimeInstance[]> {
    await cache.reload()
    const rows = [...cache.all()]
    const seen = await runtime.list()
    const generations = new Map(rows.map(({ id, generation }) => [id, generation]))
    const isServing = ({ id, generation }: RuntimeInstance) => generations.get(id) === generation
    const serving = new Map(seen.filter(isServing).map((found) => [found.id, found]))
    const limit = pLimit(COMPARED_AT_ONCE)
    const compared = await Promise.allSettled(
      rows.map((row) => limit(() => compare(row, serving.get(row.id) ?? null))),
    )
    const failure = compared.find((outcome) => outcome.status === 'rejected')
    if (failure) throw failure.reason
    await retire(seen, serving)
    await options
      .retireAiTokens(aiTokensInUse([...cache.all()], seen, serving))
      .catch((error: unknown) => log.warn({ err: error }, 'failed to end old AI tokens; trying again'))
    return seen
  }

  return {
    one,
    async all(): Promise<void> {
      const strays = (await compareAll()).filter(({ id }) => !cache.get(id))
      const outcomes = await Promise.allSettled(strays.map(stopStray))
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          log.warn({ err: outcome.reason }, 'failed to stop a stray instance')
      }
    },

    /** After this process stopped its instances on purpose: they sleep, and none of them has crashed. */
    async noteStopped(): Promise<void> {
      const running = new Set(
        (await runtime.list()).filter(({ status }) => status === 'running').map(({ id }) => id),
      )
      for (const row of cache.all()) {
        if (row.observed !== 'running' || running.has(row.id)) continue
        await store.observe(row, { observed: 'stopped', step: null, address: null })
      }
    },
  }
}

interface Moment {
  /** Milliseconds since 1970. */
  now: number
  /** For how long the instance has run. */
  ranMs: number
}

/** What the row should show instead, or `null` when it is right. Rows that an action is to change are left to it. */
async function driftOf(
  row: InstanceRow,
  seen: RuntimeInstance | null,
  moment: Moment,
): Promise<Drift | null> {
  const settled = (observed: Observed) => ({ observed, step: null, address: null }) satisfies Partial<Outcome>
  if (row.observed === 'running' || row.observed === 'paused') {
    if (!seen) return settled('creating')
    if (seen.status === 'running' && seen.address) {
      const address = await servedNow(seen.address, row.address)
      const same = isDeepStrictEqual(address, row.address)
      return same && row.observed === 'running' ? null : { ...settled('running'), address }
    }
    if (seen.status === 'paused')
      return row.observed === 'paused'
        ? null
        : { ...settled('paused'), address: seen.address && (await servedNow(seen.address, row.address)) }
    return { ...settled('stopped'), ...afterCrash(row, seen, moment) }
  }
  if (row.observed === 'stopped') {
    if (!seen) return row.desired === 'awake' ? settled('creating') : null
    const up = seen.status === 'running' && seen.address && (await isHealthy(seen.address))
    return up
      ? { ...settled('running'), address: seen.address && (await servedNow(seen.address, null)) }
      : seen.status === 'running'
        ? settled('starting')
        : null
  }
  // A start that was given up may come through later, and the stop of what hangs may fail: nobody else would end it.
  if (row.observed === 'failed' && row.desired !== 'awake' && seen?.status === 'running')
    return settled('stopping')
  return null
}

/** A shell that is known is not asked again; one that came later than the gateway is found here. */
async function servedNow(seen: InstanceAddress, known: InstanceAddress | null): Promise<InstanceAddress> {
  const { shellIsAssumed: _, ...declared } = seen
  return isDeepStrictEqual(declared, known) ? declared : await servedAddress(seen)
}

function afterCrash(row: InstanceRow, seen: RuntimeInstance, { now, ranMs }: Moment) {
  const failures = ranMs < STABLE_MS ? row.failures + 1 : 1
  const message = seen.oomKilled
    ? 'It ran out of memory and was stopped.'
    : `It stopped by itself${seen.exitCode == null ? '' : ` (exit code ${seen.exitCode})`}.`
  const nextAttemptAt = failures > 1 ? new Date(now + retryDelayMs(failures - 1)) : null
  return { failures, nextAttemptAt, error: { code: 'instance_unhealthy' as const, message } }
}
