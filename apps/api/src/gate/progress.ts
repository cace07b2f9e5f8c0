/** The stream behind the waiting page: the state now, and each change until the instance is ready or gone. */
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { ErrorBody, InstanceView } from '@matrixos/shared'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'

/** What the waiting page is told. `error`: the last attempt's failure, until one succeeds. */
export interface Progress extends Pick<InstanceView, 'observed' | 'step' | 'isFirstStart'> {
  ready: boolean
  /** Its place in the line for memory, in words; absent: it waits in none. */
  line?: string
  error?: Pick<ErrorBody, 'code' | 'message' | 'detail'>
  /** ISO 8601; absent: now. */
  nextAttemptAt?: string | undefined
}

/** `isOwner`: what the instance printed is for them alone. */
export function progressOf(row: InstanceRow, isOwner: boolean, line: string | null): Progress {
  const { observed, step, error, nextAttemptAt, hasRun } = row
  const detail = isOwner ? error?.detail : undefined
  return {
    ready: observed === 'running' && row.desired === 'awake',
    observed,
    step,
    isFirstStart: !hasRun,
    ...(line && { line }),
    ...(error && { error: { code: error.code, message: error.message, detail } }),
    nextAttemptAt: nextAttemptAt?.toISOString(),
  }
}

export interface ProgressStreamOptions {
  tenants: Pick<TenantService, 'rows'>
  row: InstanceRow
  isOwner: boolean
  /** Its place in the line for memory, in words. */
  lineOf: (row: InstanceRow) => string | null
  /** Aborts when the client leaves, when its session ends, or when `late` does. */
  open: AbortSignal
  /** Aborts when the stream has been open for long enough: then nothing is over, and the client resumes. */
  late: AbortSignal
}

/** The line moves without a change of the row. */
const TICK_MS = 2_000

/** Each item, and the last one again whenever so much time has passed without another. */
async function* withTicks<T>(source: AsyncIterable<T>, ms: number): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]()
  let last: { item: T } | null = null
  let next = items.next()
  try {
    for (;;) {
      const over = new AbortController()
      const tick = delay(ms, null, { signal: over.signal }).catch(() => null)
      const result: IteratorResult<T> | null = await Promise.race([next, tick])
      over.abort()
      if (result?.done) return
      if (result) {
        last = { item: result.value }
        next = items.next()
      }
      if (last) yield last.item
    }
  } finally {
    void items.return?.()
  }
}

/** Server-sent events. The first one is always the present state, so a client that comes back misses nothing. */
export function progressStream(options: ProgressStreamOptions): Readable {
  const { tenants, row, isOwner, lineOf, open, late } = options
  async function* events() {
    yield 'retry: 1000\n\n'
    let said = ''
    for await (const now of withTicks(tenants.rows(row.id, open), TICK_MS)) {
      const progress = progressOf(now, isOwner, lineOf(now))
      const event = `id: ${now.version}\ndata: ${JSON.stringify(progress)}\n\n`
      if (event !== said) yield event
      said = event
      if (progress.ready) return
    }
    if (late.aborted) return
    yield 'event: end\ndata: {}\n\n'
  }
  return Readable.from(events())
}
