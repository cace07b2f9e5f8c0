/** Everybody whom a search finds, with what can be done to them. */
import { MOST_PEOPLE_AT_ONCE, type PeopleFilter } from '@matrixos/shared'
import { keepPreviousData } from '@tanstack/react-query'
import { useMemo } from 'react'
import { errorText } from '../../../lib/errors.ts'
import { counted, countText } from '../../../lib/figures.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { QueryError } from '../query-error.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { PeopleTable } from './people-table.tsx'
import { usePeopleAction } from './use-people-action.tsx'
import { useSelection } from './use-selection.ts'

const PAGE = 100

export function PeopleList({ filter }: { filter: PeopleFilter }) {
  const list = trpc.admin.people.list.useInfiniteQuery(
    { filter, limit: PAGE },
    {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      // Asks for all pages again that are loaded: not each time somebody looks at another window.
      refetchOnWindowFocus: false,
    },
  )
  const people = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const total = list.data?.pages[0]?.total ?? 0
  const ids = people.map(({ id }) => id)
  const selection = useSelection(filter, total, ids)
  const { ask, dialog } = usePeopleAction(selection.clear)
  if (!list.data) {
    if (list.error) return <QueryError title="The people could not be loaded" query={list} />
    return <Skeleton className="mt-6 h-96" />
  }
  if (people.length === 0) return <Nobody isSearch={Boolean(filter.search || filter.state)} />
  const mayLoad = list.hasNextPage && !list.isFetching && !list.isFetchNextPageError
  return (
    <>
      <p role="status" className="mt-6 text-muted text-sm">
        {counted(total, 'person', 'people')}
        {total > MOST_PEOPLE_AT_ONCE && ` · an action takes ${countText(MOST_PEOPLE_AT_ONCE)} at most`}
      </p>
      <PeopleTable
        {...{ people, total, selection, ask }}
        hasMore={list.hasNextPage && !list.isFetchNextPageError}
        loadMore={mayLoad ? () => void list.fetchNextPage() : null}
      />
      {list.isFetchNextPageError && (
        <Notice
          tone="error"
          className="mt-4"
          title="The rest could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={() => void list.fetchNextPage()}>
              Try again
            </Button>
          }
        >
          {errorText(list.error)}
        </Notice>
      )}
      <BulkBar selection={selection} ask={ask} />
      {dialog}
    </>
  )
}

const Nobody = ({ isSearch }: { isSearch: boolean }) => (
  <Card className="mt-6">
    <h2 className="font-semibold">{isSearch ? 'Nobody found' : 'Nobody yet'}</h2>
    <p className="mt-2 max-w-prose text-muted text-sm leading-6">
      {isSearch ? 'Try part of a handle or name, or another state.' : 'People appear here as they sign up.'}
    </p>
  </Card>
)
