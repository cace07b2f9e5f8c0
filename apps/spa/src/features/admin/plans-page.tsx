/** `/admin/plans`: what computers may take of the server, and when they sleep. */
import type { PlanView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PageHead } from './page-head.tsx'
import { EditPlan } from './plans/edit-plan.tsx'
import { PlanList } from './plans/plan-list.tsx'
import { QueryError } from './query-error.tsx'

export function PlansPage() {
  const plans = trpc.admin.plans.list.useQuery()
  const opener = useRef<HTMLElement | null>(null)
  const [edited, setEdited] = useState<PlanView | 'new' | null>(null)
  const edit = (plan: PlanView | 'new', from: HTMLElement) => {
    opener.current = from
    setEdited(plan)
  }
  return (
    <div className="animate-rise">
      <PageHead
        title="Plans"
        action={
          <Button unavailable={!plans.data} onClick={(event) => edit('new', event.currentTarget)}>
            Create plan
          </Button>
        }
      >
        <p>
          What a computer may take of the server, and when it goes to sleep. A change reaches running
          computers within seconds, without a restart. Assign plans on people’s own pages.
        </p>
      </PageHead>
      {plans.data ? (
        <PlanList plans={plans.data.plans} onEdit={edit} />
      ) : plans.error ? (
        <QueryError title="The plans could not be loaded" query={plans} />
      ) : (
        <Skeleton className="mt-8 h-48" />
      )}
      {edited && plans.data && (
        <EditPlan
          plan={edited === 'new' ? null : edited}
          defaults={plans.data.defaults}
          enforced={plans.data.enforced}
          ociRuntimes={plans.data.ociRuntimes}
          opener={opener}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  )
}
