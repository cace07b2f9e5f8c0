/** Puts to sleep what nobody uses: no request, no open WebSocket or stream, for as long as the limit says. */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { InstanceMirror } from './mirror.ts'
import type { InstanceRow, TenantStore } from './store.ts'
import type { Usage } from './usage.ts'

export interface SweeperOptions {
  store: Pick<TenantStore, 'setDesired' | 'saveLastUsed'>
  mirror: InstanceMirror
  usage: Usage
  kick: (id: InstanceId) => void
  clock: Clock
  log: Log
  idleLimitMs: number
}

/** A report of what is in flight older than this says nothing, and then nothing is put to sleep. */
const REPORT_LIFETIME_MS = 15_000

export type Sweeper = ReturnType<typeof createSweeper>

export function createSweeper({ store, mirror, usage, kick, clock, log, idleLimitMs }: SweeperOptions) {
  const closing = new Set<InstanceId>()

  /** The report must be younger than the last use, or a request that came in between would not be in it. */
  function isIdle(row: InstanceRow): boolean {
    const now = clock.now()
    const since = Math.max(usage.lastUsedAt(row.id), row.observedAt.getTime())
    const report = usage.reportedAt()
    return (
      now - since >= idleLimitMs &&
      report > since &&
      now - report < REPORT_LIFETIME_MS &&
      usage.inFlight(row.id) === 0
    )
  }

  async function putToSleep(row: InstanceRow): Promise<void> {
    closing.add(row.id)
    try {
      if (!mirror.apply(await store.setDesired(row.id, 'asleep', { onlyIf: 'awake' }))) return
      log.info({ instance: row.id, handle: row.handle }, 'idle: going to sleep')
      kick(row.id)
    } finally {
      closing.delete(row.id)
    }
  }

  return {
    /** While this is true the gate lets nobody in by the short way: the decision to sleep is being written. */
    isClosing: (id: InstanceId) => closing.has(id),
    async sweep(): Promise<void> {
      for (const { id, at } of usage.takeUnsaved()) await store.saveLastUsed(id, at)
      const idle = [...mirror.all()].filter(
        (row) => row.observed === 'running' && row.desired === 'awake' && isIdle(row),
      )
      await Promise.all(idle.map(putToSleep))
    },
  }
}
