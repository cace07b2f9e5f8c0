/** The stream behind the waiting page: the state now, and each change until the instance is ready or gone. */
import { Readable } from 'node:stream'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'

const isReady = (row: InstanceRow) => row.observed === 'running' && row.desired === 'awake'

function message(row: InstanceRow): string {
  const { observed, step, error, nextAttemptAt, version } = row
  // Shown as long as it says why nothing happens: until the next attempt, or until there is room.
  const waiting = error && (nextAttemptAt || error.code === 'capacity') ? { error, nextAttemptAt } : {}
  const isFirstStart = !row.hasRun && observed !== 'running'
  const data = { ready: isReady(row), observed, step, isFirstStart, ...waiting }
  return `id: ${version}\ndata: ${JSON.stringify(data)}\n\n`
}

export interface ProgressStreamOptions {
  tenants: Pick<TenantService, 'rows'>
  row: InstanceRow
  /** Aborts when the client leaves, when its session ends, or when `late` does. */
  open: AbortSignal
  /** Aborts when the stream has been open for long enough: then nothing is over, and the client resumes. */
  late: AbortSignal
}

/** Server-sent events. The first one is always the present state, so a client that comes back misses nothing. */
export function progressStream({ tenants, row, open, late }: ProgressStreamOptions): Readable {
  async function* events() {
    yield 'retry: 1000\n\n'
    for await (const now of tenants.rows(row.id, open)) {
      yield message(now)
      if (isReady(now)) return
    }
    if (late.aborted) return
    yield 'event: end\ndata: {}\n\n'
  }
  return Readable.from(events())
}
