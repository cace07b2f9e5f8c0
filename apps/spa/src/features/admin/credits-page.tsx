/** `/admin/credits`: what AI costs the platform, who asks for more, and what is at stake right now. */
import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { cn } from '../../ui/cn.ts'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { type Range, RangeChoice } from '../credits/chart/range-choice.tsx'
import { RequestList } from './credit-requests/request-list.tsx'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'
import { ByDay } from './spend/by-day.tsx'
import { ByModel } from './spend/by-model.tsx'
import { ByPerson } from './spend/by-person.tsx'
import { SpendFigures } from './spend/spend-figures.tsx'

/** What calls in flight may cost changes by the second. */
const REFRESH_MS = 5_000

export function AdminCreditsPage() {
  const [days, setDays] = useState<Range>(30)
  const spend = trpc.admin.quota.spend.useQuery(
    { days },
    { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
  )
  return (
    <div className="animate-rise">
      <PageHead title="AI credits" action={<RangeChoice days={days} onDays={setDays} />}>
        <p>What everybody’s computers spend on the platform’s keys. Calls on people’s own keys are theirs.</p>
      </PageHead>
      <RequestList />
      {spend.data && spend.error && (
        <Notice tone="warn" className="mt-6" title="These figures are not the newest">
          {errorText(spend.error)} They refresh by themselves.
        </Notice>
      )}
      {spend.data ? (
        <div
          aria-busy={spend.isPlaceholderData}
          className={cn('mt-5', spend.isPlaceholderData && 'opacity-60')}
        >
          <SpendFigures spend={spend.data} days={days} />
          <ByDay spend={spend.data} days={days} />
          <div className="grid items-start gap-x-5 *:min-w-0 xl:grid-cols-2">
            <ByPerson people={spend.data.byPerson} />
            <ByModel models={spend.data.byModel} />
          </div>
        </div>
      ) : spend.error ? (
        <QueryError title="The spending could not be loaded" query={spend} />
      ) : (
        <div aria-busy="true" className="mt-8 grid gap-5 sm:grid-cols-2">
          <Skeleton className="h-44 rounded-card" />
          <Skeleton className="h-44 rounded-card" />
          <Skeleton className="h-80 rounded-card sm:col-span-2" />
        </div>
      )}
    </div>
  )
}
