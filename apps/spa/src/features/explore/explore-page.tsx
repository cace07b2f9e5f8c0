/** `app.DOMAIN/explore`: who is here, and what they published. */
import { useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { AppGrid } from '../profile/app-card.tsx'
import { PersonList } from '../profile/person-row.tsx'

const NEXT = {
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor ?? undefined,
}

export function ExplorePage() {
  const [text, setText] = useState('')
  const wanted = text.trim()
  return (
    <SignedIn>
      {(user) => (
        <AppShell user={user}>
          <PageTitle className="font-semibold text-2xl">Explore</PageTitle>
          <p className="mt-2 text-muted">People here, and apps that they let everybody open.</p>
          <Field
            className="mt-6 max-w-md"
            label="Find people"
            type="search"
            placeholder="Name or @handle"
            maxLength={100}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {wanted === '' ? (
            <>
              <Apps />
              <Newest />
            </>
          ) : (
            <Found text={wanted} />
          )}
        </AppShell>
      )}
    </SignedIn>
  )
}

/** What was found last stays until the next answer is there. */
function Found({ text }: { text: string }) {
  const query = trpc.social.search.useQuery({ text }, { placeholderData: (before) => before })
  return (
    <section aria-label="People found" aria-live="polite" className="mt-4">
      {query.error ? (
        <QueryError title="People could not be searched" query={query} />
      ) : !query.data ? (
        <Skeleton className="h-40 rounded-card" />
      ) : query.data.items.length === 0 ? (
        <p className="text-muted">Nobody here is called that.</p>
      ) : (
        <PersonList people={query.data.items} />
      )}
    </section>
  )
}

function Apps() {
  const query = trpc.social.apps.useInfiniteQuery({ limit: 12 }, NEXT)
  const apps = query.data?.pages.flatMap(({ items }) => items)
  return (
    <section className="mt-8">
      <h2 className="font-semibold text-lg">Apps</h2>
      <div className="mt-4">
        {query.error ? (
          <QueryError title="Apps could not be loaded" query={query} />
        ) : !apps ? (
          <Skeleton className="h-40 rounded-card" />
        ) : apps.length === 0 ? (
          <p className="max-w-prose text-muted leading-7">
            Nothing is published for everybody yet. Open the menu of an app on your computer and choose
            Publish to be the first.
          </p>
        ) : (
          <AppGrid apps={apps} withOwner />
        )}
        {query.hasNextPage && <More query={query} />}
      </div>
    </section>
  )
}

function Newest() {
  const query = trpc.social.people.useInfiniteQuery({ limit: 20 }, NEXT)
  const people = query.data?.pages.flatMap(({ items }) => items)
  return (
    <section className="mt-10">
      <h2 className="font-semibold text-lg">New people</h2>
      <div className="mt-4">
        {query.error ? (
          <QueryError title="People could not be loaded" query={query} />
        ) : people ? (
          <PersonList people={people} />
        ) : (
          <Skeleton className="h-40 rounded-card" />
        )}
        {query.hasNextPage && <More query={query} />}
      </div>
    </section>
  )
}

interface MoreProps {
  query: { isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}

const More = ({ query }: MoreProps) => (
  <Button
    variant="secondary"
    className="mt-6"
    pending={query.isFetchingNextPage}
    onClick={() => void query.fetchNextPage()}
  >
    Show more
  </Button>
)
