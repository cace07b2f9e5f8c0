/** The plans that there are. */
import { FIRST_PLAN, type PlanView, SLEEP_TIERS } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { counted } from '../../../lib/figures.ts'
import { capitalized } from '../../../lib/texts.ts'
import { shortDuration } from '../../../lib/time.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { limitsText } from '../../usage/plan-text.ts'
import { Badge } from '../badge.tsx'
import { Moment } from '../moment.tsx'
import { RemovePlan } from './remove-plan.tsx'

export interface PlanListProps {
  plans: PlanView[]
  onEdit: (plan: PlanView, opener: HTMLElement) => void
}

export function PlanList({ plans, onEdit }: PlanListProps) {
  const now = useNow(60_000)
  return (
    <Card className="mt-8 py-2 sm:py-3">
      <ul aria-label="Plans" className="divide-y divide-line">
        {plans.map((plan) => (
          <Plan key={plan.key} plan={plan} now={now} onEdit={onEdit} />
        ))}
      </ul>
    </Card>
  )
}

function sleepText({ limits: { idleS } }: PlanView): string {
  const times = SLEEP_TIERS.flatMap((tier) => {
    const seconds = idleS[tier] ?? null
    return seconds === null ? [] : `${tier} after ${shortDuration(seconds)}`
  })
  return times.length > 0 ? capitalized(`${times.join(', ')} idle`) : 'Never sleeps by itself'
}

interface PlanProps {
  plan: PlanView
  now: number
  onEdit: PlanListProps['onEdit']
}

function Plan({ plan, now, onEdit }: PlanProps) {
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { key, title, people, updatedAt, updatedBy } = plan
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-72 text-sm leading-6">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-words font-medium text-base">{title}</span>
          <span className="font-mono text-muted">{key}</span>
          {key === FIRST_PLAN && <Badge tone="accent">Default</Badge>}
        </p>
        <p>{limitsText(plan.limits)}</p>
        <p className="text-muted">
          {sleepText(plan)} · {counted(people, 'computer', 'computers')}
          {updatedAt && (
            <>
              {' '}
              · changed <Moment iso={updatedAt} now={now} />
              {updatedBy && ` by ${updatedBy}`}
            </>
          )}
        </p>
      </div>
      <div className="flex gap-1">
        <Button
          size="sm"
          variant="secondary"
          aria-label={`Edit ${title}`}
          onClick={(event) => onEdit(plan, event.currentTarget)}
        >
          Edit…
        </Button>
        {key !== FIRST_PLAN && (
          <Button
            ref={opener}
            size="sm"
            variant="danger-quiet"
            unavailable={people > 0}
            title={people > 0 ? 'Somebody is on it' : undefined}
            aria-label={`Remove ${title}`}
            onClick={() => setAsking(true)}
          >
            Remove…
          </Button>
        )}
      </div>
      {isAsking && <RemovePlan plan={plan} opener={opener} onClose={() => setAsking(false)} />}
    </li>
  )
}
