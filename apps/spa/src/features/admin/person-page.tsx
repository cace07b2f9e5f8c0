/** `/admin/people/$handle`: one person, their computer and what happened. */
import type { PersonView } from '@matrixos/shared'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { errorCodeOf } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Badge } from './badge.tsx'
import { exactTime, Moment } from './moment.tsx'
import { PageHead } from './page-head.tsx'
import { usePeopleAction } from './people/use-people-action.tsx'
import { AuditSection } from './person/audit-section.tsx'
import { ComputerSection } from './person/computer-section.tsx'
import { CreditsSection } from './person/credits-section.tsx'
import { GraveActions } from './person/grave-actions.tsx'
import { PlanSection } from './person/plan-section.tsx'
import { SignInSection } from './person/sign-in-section.tsx'
import { QueryError } from './query-error.tsx'

const route = getRouteApi('/admin/people/$handle')
const REFRESH_MS = 10_000

export function PersonPage() {
  const { handle } = route.useParams()
  const person = trpc.admin.people.get.useQuery({ handle }, { refetchInterval: REFRESH_MS })
  return (
    <div className="animate-fade">
      <Link
        to="/admin/people"
        className="-ml-1 mb-4 inline-flex min-h-11 items-center gap-1 text-muted text-sm hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-4" /> People
      </Link>
      {person.data ? (
        <Person key={person.data.id} person={person.data} />
      ) : (
        <>
          <PageHead title={handle} />
          {person.error ? <Missing handle={handle} query={person} /> : <Outline />}
        </>
      )}
    </div>
  )
}

function Person({ person }: { person: PersonView }) {
  const { ask, dialog } = usePeopleAction()
  const now = useNow(30_000)
  return (
    <>
      <PageHead title={person.handle}>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {person.displayName !== person.handle && <span className="text-ink">{person.displayName}</span>}
          {person.role === 'admin' && <Badge tone="accent">Admin</Badge>}
          {person.suspendedAt && <Badge tone="danger">Suspended</Badge>}
        </p>
        <p className="mt-1 text-sm">
          {person.lastSeenAt ? (
            <>
              Last seen <Moment iso={person.lastSeenAt} now={now} />
            </>
          ) : (
            'Never seen'
          )}{' '}
          · signed up <Moment iso={person.createdAt} now={now} />
        </p>
      </PageHead>
      {person.suspendedAt && (
        <Notice tone="warn" className="mt-6" title={`Suspended on ${exactTime(person.suspendedAt)}`}>
          {person.suspendedReason ?? 'No reason was given.'}
        </Notice>
      )}
      <div className="mt-8">
        <ComputerSection person={person} ask={ask} now={now} />
        <PlanSection person={person} />
        <CreditsSection handle={person.handle} now={now} />
        <SignInSection person={person} ask={ask} now={now} />
        <AuditSection person={person} now={now} />
        <GraveActions person={person} ask={ask} />
      </div>
      {dialog}
    </>
  )
}

const Missing = ({
  handle,
  query,
}: {
  handle: string
  query: { error: unknown; isFetching: boolean; refetch: () => unknown }
}) =>
  errorCodeOf(query.error) === 'not_found' ? (
    <Card className="mt-8">
      <h2 className="font-semibold">Nobody is called {handle}</h2>
      <p className="mt-2 text-muted text-sm leading-6">
        The account may have been deleted. What happened to it stays in the{' '}
        <Link
          to="/admin/audit"
          search={{ target: handle }}
          className="text-accent underline underline-offset-4"
        >
          audit log
        </Link>
        .
      </p>
    </Card>
  ) : (
    <QueryError title="This person could not be loaded" query={query} />
  )

const Outline = () => (
  <div className="mt-8 space-y-5">
    <Skeleton className="h-56 rounded-card" />
    <Skeleton className="h-40 rounded-card" />
  </div>
)
