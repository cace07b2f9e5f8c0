/** `/settings/timeline`: everything that happened to one's own computer in the last 90 days, or one kind of it. */
import type { InstanceId, TimelineQuery } from '@matrixos/shared'
import { useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EventList } from './event-list.tsx'

type Filter = TimelineQuery['filter']

const FILTERS: readonly { filter: Filter; label: string }[] = [
  { filter: undefined, label: 'Everything' },
  { filter: 'problems', label: 'Problems' },
  { filter: 'sleep', label: 'Sleep' },
]

export function TimelinePage() {
  const mine = trpc.tenants.mine.useQuery()
  const [filter, setFilter] = useState<Filter>(undefined)
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Timeline</PageTitle>
      <p className="mt-2 max-w-prose text-muted leading-7">
        What happened to your computer in the last 90 days.
      </p>
      <fieldset className="mt-8 flex flex-wrap gap-2">
        <legend className="sr-only">Show</legend>
        {FILTERS.map((each) => (
          <Button
            key={each.label}
            size="sm"
            variant={each.filter === filter ? 'primary' : 'secondary'}
            aria-pressed={each.filter === filter}
            onClick={() => setFilter(each.filter)}
          >
            {each.label}
          </Button>
        ))}
      </fieldset>
      {mine.error && (
        <Notice tone="error" className="mt-6">
          {errorText(mine.error)}
        </Notice>
      )}
      {mine.data && <Events instanceId={mine.data.id} filter={filter} />}
    </div>
  )
}

function Events({ instanceId, filter }: { instanceId: InstanceId; filter: Filter }) {
  const now = useNow(15_000)
  const pages = trpc.events.list.useInfiniteQuery(
    { instanceId, ...(filter && { filter }) },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  const events = pages.data?.pages.flatMap((page) => page.events)
  return (
    <Card aria-label="Events" className="mt-6">
      {pages.error && <Notice tone="error">{errorText(pages.error)}</Notice>}
      {!events && !pages.error && <Skeleton className="h-24" />}
      {events?.length === 0 && <p className="text-muted text-sm">Nothing of this kind has happened.</p>}
      {events && <EventList events={events} now={now} />}
      {pages.hasNextPage && (
        <Button
          size="sm"
          variant="secondary"
          className="mt-5"
          pending={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </Card>
  )
}
