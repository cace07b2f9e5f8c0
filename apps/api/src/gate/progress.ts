/** The stream behind the waiting page: the state now, and each change until the instance is ready or gone. */
import { Readable } from 'node:stream'
import type { ErrorBody, InstanceView } from '@matrixos/shared'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'

/** What the waiting page is told. `error`: the last attempt's failure, until one succeeds. */
export interface Progress extends Pick<InstanceView, 'observed' | 'step' | 'isFirstStart'> {
  ready: boolean
  error?: Pick<ErrorBody, 'code' | 'message' | 'detail'>
  /** ISO 8601; absent: now. */
  nextAttemptAt?: string | undefined
}

/** `isOwner`: what the instance printed is for them alone. */
export function progressOf(row: InstanceRow, isOwner: boolean): Progress {
  const { observed, step, error, nextAttemptAt, hasRun } = row
  const detail = isOwner ? error?.detail : undefined
  return {
    ready: observed === 'running' && row.desired === 'awake',
    observed,
    step,
    isFirstStart: !hasRun,
    ...(error && { error: { code: error.code, message: error.message, detail } }),
    nextAttemptAt: nextAttemptAt?.toISOString(),
  }
}

export interface ProgressStreamOptions {
  tenants: Pick<TenantService, 'rows'>
  row: InstanceRow
  isOwner: boolean
  /** Aborts when the client leaves, when its session ends, or when `late` does. */
  open: AbortSignal
  /** Aborts when the stream has been open for long enough: then nothing is over, and the client resumes. */
  late: AbortSignal
}

/** Server-sent events. The first one is always the present state, so a client that comes back misses nothing. */
export function progressStream({ tenants, row, isOwner, open, late }: ProgressStreamOptions): Readable {
  async function* events() {
    yield 'retry: 1000\n\n'
    for await (const now of tenants.rows(row.id, open)) {
      const progress = progressOf(now, isOwner)
      yield `id: ${now.version}\ndata: ${JSON.stringify(progress)}\n\n`
      if (progress.ready) return
    }
    if (late.aborted) return
    yield 'event: end\ndata: {}\n\n'
  }
  return Readable.from(events())
}
