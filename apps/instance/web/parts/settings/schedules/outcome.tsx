/** When it runs next, and what came of the last time. */
import type { ScheduleView } from '../../../../src/channels/protocol.ts'
import { ago, readerNow, whenNext } from '../when.ts'

export function Outcome({
  words,
  nextRunAt,
  problem,
  last,
}: Pick<ScheduleView, 'words' | 'nextRunAt' | 'problem' | 'last'>) {
  return (
    <>
      <p className="task">{words}</p>
      {nextRunAt && <p className="words">Next: {whenNext(nextRunAt, readerNow())}</p>}
      {problem && <p className="problem">{problem}</p>}
      {last && (
        <details className="last">
          <summary>
            {last.hasFailed ? 'Failed' : 'Last run'} {ago(last.at, new Date())}
          </summary>
          <p className={last.hasFailed ? 'problem' : 'result'}>{last.words}</p>
        </details>
      )}
    </>
  )
}
