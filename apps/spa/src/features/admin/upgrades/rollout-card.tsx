/** One upgrade: how far it is, what did not run with it, and the way to stop it or take it back. */
import type { RolloutView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { countText } from '../../../lib/figures.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Card } from '../../../ui/card.tsx'
import { DotProgress } from '../../../ui/dot-progress.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Badge } from '../badge.tsx'
import { Moment } from '../moment.tsx'
import { Fact, Facts } from '../overview/figure-card.tsx'
import { RolloutActions } from './rollout-actions.tsx'
import { STEP_WORDS, STEPS, shareDone, stateWords } from './words.ts'

export function RolloutCard({ rollout }: { rollout: RolloutView }) {
  const id = useId()
  const { label, tone } = stateWords(rollout)
  const steps = STEPS.filter((step) => (rollout.counts[step] ?? 0) > 0)
  return (
    <Card aria-labelledby={id} className="mt-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
            <span className="break-all">
              {rollout.kind === 'rollback' ? 'Back to ' : 'To '}
              <span className="font-mono">{rollout.image}</span>
            </span>
            <Badge tone={tone}>{label}</Badge>
          </h2>
          <Began rollout={rollout} />
        </div>
        <RolloutActions rollout={rollout} />
      </div>
      {rollout.state === 'running' && (
        <div className="mt-5">
          <DotProgress value={shareDone(rollout)} label={`Upgrade to ${rollout.image}`} />
        </div>
      )}
      {rollout.reason && (
        <Notice tone="error" className="mt-5">
          {rollout.reason}
        </Notice>
      )}
      {steps.length > 0 && (
        <Facts>
          {steps.map((step) => (
            <Fact key={step} term={STEP_WORDS[step]}>
              {countText(rollout.counts[step] ?? 0)}
            </Fact>
          ))}
        </Facts>
      )}
      {rollout.failed.length > 0 && <Failed failed={rollout.failed} />}
    </Card>
  )
}

function Began({ rollout: { startedAt, startedBy } }: { rollout: RolloutView }) {
  const now = useNow(60_000)
  return (
    <p className="mt-1 text-muted text-sm leading-6">
      Begun <Moment iso={startedAt} now={now} />
      {startedBy && ` by ${startedBy}`}
    </p>
  )
}

const Failed = ({ failed }: Pick<RolloutView, 'failed'>) => (
  <div className="mt-5 border-line border-t pt-4 text-sm">
    <h3 className="font-medium">Did not run with it</h3>
    <ul className="mt-2 space-y-2">
      {failed.map(({ handle, message }) => (
        <li key={handle} className="leading-6">
          <Link
            to="/admin/people/$handle"
            params={{ handle }}
            className="font-medium underline underline-offset-4"
          >
            {handle}
          </Link>{' '}
          <span className="break-words text-muted">{message ?? 'It stopped.'}</span>
        </li>
      ))}
    </ul>
  </div>
)
