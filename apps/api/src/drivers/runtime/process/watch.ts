/** Events by comparing what was with what is: at every change of our own, and often enough to see others. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RuntimeEvent, RuntimeInstance } from '../../../ports/runtime.ts'

export interface Changes {
  /** Says that something changed. */
  notify(): void
  /** Number of notices so far. */
  count(): number
  /** Resolves at the next notice, after `ms`, or with `signal`. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export function createChanges(): Changes {
  let count = 0
  let next = Promise.withResolvers<void>()
  return {
    notify: () => {
      count++
      next.resolve()
      next = Promise.withResolvers<void>()
    },
    count: () => count,
    wait: async (ms, signal) => {
      const timer = new AbortController()
      const timeout = delay(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]), ref: false })
      await Promise.race([next.promise, timeout.catch(() => undefined)])
      timer.abort()
    },
  }
}

const isUp = ({ status }: RuntimeInstance): boolean => status === 'running' || status === 'paused'

/** What must have happened between two looks at one instance. */
function kindsBetween(before: RuntimeInstance | undefined, now: RuntimeInstance): RuntimeEvent['kind'][] {
  const restarted = before?.startedAt?.getTime() !== now.startedAt?.getTime()
  const kinds: RuntimeEvent['kind'][] = []
  if (before && isUp(before) && (restarted || !isUp(now))) kinds.push('stopped')
  if (now.startedAt && restarted) kinds.push('started')
  if (now.startedAt && restarted && !isUp(now)) kinds.push('stopped')
  if (!restarted && before?.status === 'running' && now.status === 'paused') kinds.push('paused')
  if (!restarted && before?.status === 'paused' && now.status === 'running') kinds.push('unpaused')
  return kinds
}

/** By instance and generation. */
type Snapshot = Map<string, RuntimeInstance>

function* differences(before: Snapshot, now: Snapshot): Generator<RuntimeEvent> {
  for (const [key, instance] of now) {
    const { id, generation } = instance
    for (const kind of kindsBetween(before.get(key), instance)) yield { id, generation, kind }
  }
  for (const [key, { id, generation }] of before) if (!now.has(key)) yield { id, generation, kind: 'removed' }
}

export async function* watch(
  list: () => Promise<RuntimeInstance[]>,
  changes: Changes,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<RuntimeEvent> {
  let before: Snapshot | null = null
  while (!signal.aborted) {
    const seen = changes.count()
    const rows = await list().catch(() => null)
    if (rows) {
      const now: Snapshot = new Map(rows.map((row) => [`${row.id}.${row.generation}`, row]))
      if (before) yield* differences(before, now)
      before = now
    }
    if (changes.count() === seen) await changes.wait(everyMs, signal)
  }
}
