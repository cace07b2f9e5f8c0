/** A person's plan, what their computer used, and the way to another plan. */
import type { InstanceView, PersonView } from '@matrixos/shared'
import { type FormEvent, type RefObject, useRef, useState } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Problem } from '../../connection/problem.tsx'
import { limitsText } from '../../usage/plan-text.ts'
import { UsageCharts } from '../../usage/usage-charts.tsx'
import { QueryError } from '../query-error.tsx'
import { Section } from './section.tsx'

const REFRESH_MS = 60_000

export function PlanSection({ person }: { person: PersonView }) {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const { handle, instance } = person
  const usage = trpc.admin.people.usage.useQuery({ handle }, { refetchInterval: REFRESH_MS })
  if (!instance) return null
  const { plan } = instance
  return (
    <Section
      title="Plan and usage"
      action={
        <Button ref={opener} size="sm" variant="secondary" onClick={() => setOpen(true)}>
          Change plan…
        </Button>
      }
    >
      <p className="mt-3 font-medium">{plan.title}</p>
      <p className="mt-1 text-muted text-sm leading-6">{limitsText(plan)}.</p>
      {usage.data?.throttledAt && <LiftThrottle person={person} />}
      {usage.data ? (
        <UsageCharts usage={usage.data} />
      ) : usage.error ? (
        <QueryError title="The usage could not be loaded" query={usage} />
      ) : (
        <Skeleton className="mt-5 h-40" />
      )}
      {isOpen && (
        <AssignPlan person={person} instance={instance} opener={opener} onClose={() => setOpen(false)} />
      )}
    </Section>
  )
}

function LiftThrottle({ person }: { person: PersonView }) {
  const { admin } = trpc.useUtils()
  const lift = trpc.admin.plans.liftThrottle.useMutation({
    onSuccess: () => toast.success(`${person.handle} is at full speed again.`),
    onSettled: () => admin.invalidate(),
  })
  return (
    <Notice tone="warn" className="mt-5" title="This computer is slowed down">
      <p>It used all of its CPU for a long time without a pause, and now gets its share only.</p>
      <Problem error={lift.error} className="mt-2" />
      <Button
        size="sm"
        variant="secondary"
        className="mt-3"
        pending={lift.isPending}
        onClick={() => lift.mutate({ userId: person.id })}
      >
        Back to full speed
      </Button>
    </Notice>
  )
}

interface AssignPlanProps {
  person: PersonView
  instance: InstanceView
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

function AssignPlan({ person, instance, opener, onClose }: AssignPlanProps) {
  const { admin } = trpc.useUtils()
  const plans = trpc.admin.plans.list.useQuery()
  const [plan, setPlan] = useState(instance.plan.key)
  const assign = trpc.admin.plans.assign.useMutation({
    onSuccess: () => {
      onClose()
      toast.success(`${person.handle} is on the ${chosen?.title ?? plan} plan now.`)
    },
    onSettled: () => admin.invalidate(),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!assign.isPending) assign.mutate({ userId: person.id, plan })
  }
  const chosen = plans.data?.plans.find(({ key }) => key === plan)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={`Change the plan of ${person.handle}`}
      description="A running computer gets the new limits within seconds, without a restart."
    >
      <form onSubmit={submit} className="mt-5">
        <SelectField label="Plan" value={plan} onChange={(event) => setPlan(event.target.value)}>
          {(plans.data?.plans ?? [instance.plan]).map(({ key, title }) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </SelectField>
        <p className="mt-2 min-h-12 text-muted text-sm leading-6">{chosen && limitsText(chosen.limits)}</p>
        <Problem error={assign.error ?? plans.error} className="mt-2" />
        <DialogActions>
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" unavailable={plan === instance.plan.key} pending={assign.isPending}>
            Change plan
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
