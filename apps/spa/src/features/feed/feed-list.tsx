/** A list of items, newest first: page by page, with a word when there is something newer. */
import type { FeedItemView, FeedScope } from '@matrixos/shared'
import { ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { ItemCard } from './item-card.tsx'

export interface FeedListProps {
  scope: FeedScope
  handle?: string
  /** Where the list begins now, as far as the api has told. */
  newest?: FeedItemView['id'] | null
  empty: ReactNode
}

export function FeedList({ scope, handle, newest = null, empty }: FeedListProps) {
  const now = useNow(15_000)
  const pages = trpc.feed.list.useInfiniteQuery(
    { scope, ...(handle && { handle }) },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  const items = pages.data?.pages.flatMap((page) => page.items)
  if (!items)
    return pages.error ? <QueryError title="The feed could not be loaded" query={pages} /> : <Skeletons />
  const first = items[0]
  // Ids sort by time.
  const hasNewer = newest !== null && (!first || newest > first.id)
  const showNewer = () => {
    void pages.refetch()
    window.scrollTo({ top: 0 })
  }
  return (
    <>
      <div role="status" className="contents">
        {hasNewer && (
          <Button
            size="sm"
            className="sticky top-3 z-10 mx-auto mb-4 flex rounded-full shadow-card"
            pending={pages.isRefetching}
            onClick={showNewer}
          >
            <ArrowUp aria-hidden /> New posts
          </Button>
        )}
      </div>
      {items.length === 0 && !hasNewer && empty}
      <ul className="space-y-4">
        {items.map((item) => (
          <li key={item.id}>
            <ItemCard item={item} now={now} />
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button
          variant="secondary"
          className="mx-auto mt-6 flex"
          pending={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </>
  )
}

const Skeletons = () => (
  <div aria-busy="true" className="space-y-4">
    <Skeleton className="h-40" />
    <Skeleton className="h-32" />
    <Skeleton className="h-48" />
  </div>
)
