/** `/admin/audit`: who did what to whom, when and from where. What is searched for is in the address. */
import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { trpc } from '../../lib/trpc.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AuditFilters } from './audit/audit-filters.tsx'
import { AuditList } from './audit/audit-list.tsx'
import { type AuditFilter, inputOf, isFiltered, readFilter } from './audit/search.ts'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'

const route = getRouteApi('/admin/audit')

export function AuditPage() {
  const filter = readFilter(route.useSearch())
  const navigate = useNavigate()
  const go = (search: AuditFilter) =>
    void navigate({ to: '/admin/audit', search: readFilter(search), replace: true, resetScroll: false })
  const found = trpc.admin.audit.search.useInfiniteQuery(inputOf(filter), {
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  })
  const pages = found.data?.pages
  return (
    <div className="animate-fade">
      <PageHead title="Audit log">
        <p>Entries are only ever added, and outlive the accounts they are about.</p>
      </PageHead>
      <AuditFilters
        filter={filter}
        actions={pages?.[0]?.actions ?? []}
        onChange={(change) => go({ ...filter, ...change })}
        onClear={() => go({})}
      />
      {pages ? (
        <div aria-busy={found.isPlaceholderData} className={found.isPlaceholderData ? 'opacity-60' : ''}>
          <AuditList
            entries={pages.flatMap(({ items }) => items)}
            isSearch={isFiltered(filter)}
            more={
              found.hasNextPage
                ? {
                    load: () => void found.fetchNextPage(),
                    isPending: found.isFetchingNextPage,
                    error: found.error,
                  }
                : null
            }
          />
        </div>
      ) : found.error ? (
        <QueryError title="The audit log could not be loaded" query={found} />
      ) : (
        <Skeleton className="mt-4 h-96" />
      )}
    </div>
  )
}
