/** `app.DOMAIN/@handle/followers` and `/following`. */
import { normalizeHandle } from '@matrixos/shared'
import { Link, useParams } from '@tanstack/react-router'
import { errorCodeOf } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { Nobody } from './nobody.tsx'
import { PersonList } from './person-row.tsx'

type Which = 'followers' | 'following'

const WORDS: Record<Which, { title: string; empty: string }> = {
  followers: { title: 'Followers', empty: 'Nobody follows them yet.' },
  following: { title: 'Following', empty: 'They follow nobody yet.' },
}

export const FollowersPage = () => <Page which="followers" />
export const FollowingPage = () => <Page which="following" />

function Page({ which }: { which: Which }) {
  const { handle: typed = '' } = useParams({ strict: false })
  const handle = normalizeHandle(typed)
  return (
    <SignedIn>
      {(user) => (
        <AppShell user={user}>
          <Link to="/@{$handle}" params={{ handle }} className="text-muted text-sm hover:text-ink">
            @{handle}
          </Link>
          <PageTitle documentTitle={`${WORDS[which].title} of @${handle}`} className="font-semibold text-2xl">
            {WORDS[which].title}
          </PageTitle>
          <div className="mt-6">
            <People which={which} handle={handle} />
          </div>
        </AppShell>
      )}
    </SignedIn>
  )
}

function People({ which, handle }: { which: Which; handle: string }) {
  const query = trpc.social[which].useInfiniteQuery(
    { handle, limit: 50 },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  if (errorCodeOf(query.error) === 'not_found') return <Nobody handle={handle} home={site().appOrigin} />
  if (query.error) return <QueryError title="These people could not be loaded" query={query} />
  if (!query.data) return <Skeleton className="h-40 rounded-card" />
  const people = query.data.pages.flatMap(({ items }) => items)
  if (people.length === 0) return <p className="text-muted">{WORDS[which].empty}</p>
  return (
    <>
      <PersonList people={people} />
      {query.hasNextPage && (
        <Button
          variant="secondary"
          className="mt-6"
          pending={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  )
}
