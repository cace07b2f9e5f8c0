/** `/admin/reports`: what people reported, and what administrators hid. */
import type { ReportsQuery } from '@matrixos/shared'
import { useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'
import { ReportedCard, useDecide } from './reports/reported-card.tsx'

type State = ReportsQuery['state']
const STATES: Record<State, { label: string; empty: string }> = {
  open: { label: 'To decide', empty: 'Nothing is waiting for you. What people report appears here.' },
  hidden: { label: 'Hidden', empty: 'Nothing is hidden.' },
}

export function ReportsPage() {
  const [state, setState] = useState<State>('open')
  const now = useNow(15_000)
  const decide = useDecide()
  const pages = trpc.admin.moderation.list.useInfiniteQuery(
    { state },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  const items = pages.data?.pages.flatMap((page) => page.items)
  return (
    <div className="animate-rise">
      <PageHead title="Reports">
        <p>What you hide is seen by nobody but whoever wrote it. To lock somebody out, open their page.</p>
      </PageHead>
      <fieldset className="mt-6 flex flex-wrap gap-2">
        <legend className="sr-only">Show</legend>
        {(Object.keys(STATES) as State[]).map((each) => (
          <Button
            key={each}
            size="sm"
            variant={each === state ? 'primary' : 'secondary'}
            aria-pressed={each === state}
            onClick={() => setState(each)}
          >
            {STATES[each].label}
          </Button>
        ))}
      </fieldset>
      {!items && !pages.error && <Skeleton className="mt-6 h-48" />}
      {!items && pages.error && <QueryError title="The reports could not be loaded" query={pages} />}
      {items?.length === 0 && (
        <p className="mt-6 rounded-card border border-line border-dashed px-6 py-10 text-center text-muted">
          {STATES[state].empty}
        </p>
      )}
      <ul className="mt-6 space-y-4">
        {items?.map((item) => (
          <li key={item.subject}>
            <ReportedCard item={item} now={now} decide={decide} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button
          variant="secondary"
          className="mt-6"
          pending={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  )
}
