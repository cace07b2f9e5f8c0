/** Every call that was charged, newest first, page by page. */
import { keepPreviousData } from '@tanstack/react-query'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { QueryError } from '../../admin/query-error.tsx'
import { SettingsSection } from '../../settings/settings-section.tsx'
import { useRefreshed } from '../use-refreshed.ts'
import { CallRow } from './call-row.tsx'
import { DownloadCsv } from './download-csv.tsx'

const PAGE = 20

/** `progress`: changes whenever a call begins or is over. */
export function CallsSection({ progress }: { progress: string }) {
  const now = useNow(30_000)
  const list = trpc.quota.calls.useInfiniteQuery(
    { limit: PAGE },
    {
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
      refetchOnWindowFocus: false,
    },
  )
  useRefreshed(progress, list.refetch)
  const calls = list.data?.pages.flatMap((page) => page.calls)
  return (
    <SettingsSection
      title="Calls"
      lead="What each call used and cost, to the last digit."
      action={calls?.length ? <DownloadCsv /> : undefined}
    >
      {calls ? (
        calls.length > 0 ? (
          <ul aria-label="Calls" className="-mt-3 divide-y divide-line">
            {calls.map((call) => (
              <CallRow key={call.id} call={call} now={now} />
            ))}
          </ul>
        ) : (
          <p className="text-muted text-sm leading-6">
            No calls yet. As soon as a program on your computer asks the AI something, what it cost appears
            here.
          </p>
        )
      ) : list.error ? (
        <QueryError title="Your calls could not be loaded" query={list} />
      ) : (
        <Skeleton className="h-64" />
      )}
      {calls && list.error && (
        <Notice tone="error" className="mt-4">
          {errorText(list.error)}
        </Notice>
      )}
      {list.hasNextPage && (
        <Button
          variant="secondary"
          className="mt-5 w-full"
          pending={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show older calls
        </Button>
      )}
    </SettingsSection>
  )
}
