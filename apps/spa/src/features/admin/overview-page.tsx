/** `/admin`: how the platform is doing. It keeps itself up to date. */
import type { AdminOverview } from '@matrixos/shared'
import { errorText } from '../../lib/errors.ts'
import { countText } from '../../lib/figures.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Moment } from './moment.tsx'
import { ComputersCard } from './overview/computers-card.tsx'
import { FailuresCard } from './overview/failures-card.tsx'
import { HomeserverCard } from './overview/homeserver-card.tsx'
import { PeopleCard } from './overview/people-card.tsx'
import { ServerCard } from './overview/server-card.tsx'
import { WakesCard } from './overview/wakes-card.tsx'
import { WallsCard } from './overview/walls-card.tsx'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'

const REFRESH_MS = 10_000

export function OverviewPage() {
  const overview = trpc.admin.overview.useQuery(undefined, { refetchInterval: REFRESH_MS })
  const { data } = overview
  return (
    <div className="animate-rise">
      <PageHead title="Overview">{data ? <Running overview={data} /> : <p>Loading…</p>}</PageHead>
      {data && overview.error && <Stale since={overview.dataUpdatedAt} error={overview.error} />}
      {data ? (
        <div className="mt-8 grid items-start gap-5 sm:grid-cols-2">
          <PeopleCard people={data.people} />
          <ComputersCard instances={data.instances} />
          <WakesCard wakes={data.wakes24h} />
          <FailuresCard failures={data.failures24h} />
          <ServerCard host={data.host} />
          <HomeserverCard homeserver={data.homeserver} />
          <WallsCard walls={data.walls} />
        </div>
      ) : overview.error ? (
        <QueryError title="The overview could not be loaded" query={overview} />
      ) : (
        <div className="mt-8 grid gap-5 sm:grid-cols-2">
          {['people', 'computers', 'wakes', 'failures'].map((name) => (
            <Skeleton key={name} className="h-48 rounded-card" />
          ))}
        </div>
      )}
    </div>
  )
}

function Running({ overview }: { overview: AdminOverview }) {
  const now = useNow(30_000)
  const { version, upSince, replicas } = overview
  return (
    <p>
      Version <span className="break-all font-mono text-[0.9em] text-ink">{version}</span>, started{' '}
      <Moment iso={upSince} now={now} />, on {countText(replicas)}{' '}
      {replicas === 1 ? 'API process' : 'API processes'}.
    </p>
  )
}

function Stale({ since, error }: { since: number; error: unknown }) {
  const now = useNow(5_000)
  return (
    <Notice
      tone="warn"
      className="mt-6"
      title={`These figures are from ${timeAgo(new Date(since).toISOString(), now)}`}
    >
      {errorText(error)} They refresh by themselves.
    </Notice>
  )
}
