/** The last runs of an instance, by what its timeline tells of their ends. Pure. */
import type { InstanceEventView, RunView } from '@matrixos/shared'
import type { Span } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'

/** Runs that can be looked at, the present one among them. */
export const MOST_RUNS = 3

/** `span`: for the runtime, to find what it printed; `null`: its present or last run. */
export type Run = RunView & { span: Span | null }

/** What a failure ended was a run only where the instance was to blame. */
const isEnd = ({ kind, detail }: InstanceEventView): boolean =>
  kind === 'slept' ||
  kind === 'crashed' ||
  kind === 'restarted' ||
  (kind === 'failed' && detail === 'instance_unhealthy')

/** Whether it may print more. */
export const isUp = ({ observed }: Pick<InstanceRow, 'observed'>): boolean =>
  observed === 'starting' || observed === 'running' || observed === 'paused' || observed === 'stopping'

/** Newest first, as the events are. */
export function runsOf(row: Pick<InstanceRow, 'observed'>, events: readonly InstanceEventView[]): Run[] {
  const ends = events.filter(isEnd)
  const ended = ends.map(({ at, kind }, nth): Run => {
    const before = ends[nth + 1]
    const span = { after: new Date(before?.at ?? 0), until: new Date(at) }
    return { endedAt: at, how: kind, span }
  })
  const present: Run = { endedAt: null, how: null, span: null }
  const [last, ...rest] = ended
  const runs = isUp(row) ? [present, ...ended] : last ? [{ ...last, span: null }, ...rest] : []
  return runs.slice(0, MOST_RUNS)
}
