/** Puts to sleep what nobody uses: no request, no open WebSocket or stream, for as long as the limit says. */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { InstanceMirror } from './mirror.ts'
import type { InstanceRow, TenantStore } from './store.ts'
import type { Usage } from './usage.ts'

export interface SweeperOptions {
  store: Pick<TenantStore, 'setDesired' | 'saveLastUsed'>
  mirror: Pick<InstanceMirror, 'all' | 'apply'>
  usage: Usage
  kick: (id: InstanceId) => void
  clock: Clock
  log: Log
  idleLimitMs: number
}

/** A report of what is in flight older than this says nothing, and then nothing is put to sleep. */
const REPORT_LIFETIME_MS = 15_000

/** A failed instance that nobody visits is not tried again after this long; a visit wakes it as any sleeper. */
const FAILED_LIMIT_MS = 10 * 60_000
/** When memory is short, this long without use is idle: a person who reads a page may come back. */
const ROOM_LIMIT_MS = 15_000

export type Sweeper = ReturnType<typeof createSweeper>

export function createSweeper({ store, mirror, usage, kick, clock, log, idleLimitMs }: SweeperOptions) {
  const closing = new Map<InstanceId, Promise<void>>()

  /**
   * Idleness counts from the last use alone: a start is none. The report must be younger than the last use, or a
   * request that came in between would not be in it.
   */
  function isIdle({ id }: InstanceRow, limitMs: number): boolean {
    const now = clock.now()
    const since = usage.lastUsedAt(id)
    const report = usage.reportedAt()
    return (
      now - since >= limitMs &&
      report > since &&
      now - report < REPORT_LIFETIME_MS &&
      usage.inFlight(id) === 0
    )
  }

  /** What does not run has nothing in flight. Where starts fail, nobody is missed sooner. */
  function isForsaken({ id, observed }: InstanceRow): boolean {
    const limitMs = observed === 'failed' ? Math.min(FAILED_LIMIT_MS, idleLimitMs) : idleLimitMs
    return clock.now() - usage.lastUsedAt(id) >= limitMs
  }

  async function writeSleep({ id, handle }: InstanceRow): Promise<void> {
    // Another api process may have saved a later use meanwhile.
    const unusedSince = new Date(usage.lastUsedAt(id))
    if (!mirror.apply(await store.setDesired(id, 'asleep', { onlyIf: 'awake', unusedSince }))) return
    log.info({ instance: id, handle }, 'idle: going to sleep')
    kick(id)
  }

  function putToSleep(row: InstanceRow): Promise<void> {
    const writing = writeSleep(row).finally(() => closing.delete(row.id))
    closing.set(row.id, writing)
    return writing
  }

  return {
    /** While this is true the gate lets nobody in by the short way: the decision to sleep is being written. */
    isClosing: (id: InstanceId) => closing.has(id),
    /** Resolves when it is written, or could not be. */
    closed: async (id: InstanceId) => {
      await closing.get(id)?.catch(() => undefined)
    },
    /** Puts up to `count` running instances to sleep that nobody uses right now, the longest idle first. */
    async makeRoom(count: number): Promise<void> {
      const idle = [...mirror.all()]
        .filter((row) => row.observed === 'running' && row.desired === 'awake' && !closing.has(row.id))
        .filter((row) => isIdle(row, ROOM_LIMIT_MS))
        .toSorted((a, b) => usage.lastUsedAt(a.id) - usage.lastUsedAt(b.id))
      await Promise.all(idle.slice(0, count).map(putToSleep))
    },
    async sweep(): Promise<void> {
      for (const { id, at } of usage.takeUnsaved()) await store.saveLastUsed(id, at)
      const idle = [...mirror.all()].filter(
        (row) =>
          row.desired === 'awake' &&
          (row.observed === 'running' ? isIdle(row, idleLimitMs) : isForsaken(row)),
      )
      const outcomes = await Promise.allSettled(idle.map(putToSleep))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
  }
}
