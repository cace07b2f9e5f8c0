/** The dashboard. Looking at it never counts as using the computer. */
import type { InstanceView, UserView } from '@matrixos/shared'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { CreditAlert } from '../credits/credit-alert.tsx'
import { CreditsCard } from '../credits/credits-card.tsx'
import { useCredits } from '../credits/use-credits.ts'
import { PublishedApps } from '../publishing/published-apps.tsx'
import { usePublishing } from '../publishing/use-publishing.ts'
import { SharedWithMe } from '../settings/shared-with-me.tsx'
import { usePasskeys } from '../settings/use-passkeys.ts'
import { RecentEvents } from '../timeline/recent-events.tsx'
import { UsageCard } from '../usage/usage-card.tsx'
import { ArchiveNotice } from './archive-notice.tsx'
import { DangerZone } from './danger-zone.tsx'
import { DashboardSkeleton } from './dashboard-skeleton.tsx'
import { InstanceCard } from './instance-card.tsx'
import { LeavingNotice } from './leaving-notice.tsx'
import { OutputSection } from './output-section.tsx'
import { SecondFactorNudge } from './second-factor-nudge.tsx'

export interface DashboardProps {
  user: UserView
  instance: InstanceView
  live: boolean
  reconnecting: boolean
}

export function Dashboard({ user, instance, live, reconnecting }: DashboardProps) {
  const credits = useCredits()
  const passkeys = usePasskeys()
  // What may stand above the computer comes with it: nothing moves its buttons away under a finger.
  if (isFirstFetch(credits) || isFirstFetch(passkeys)) return <DashboardSkeleton />
  return (
    <div className="animate-rise">
      <PageTitle documentTitle="Dashboard" className="font-semibold text-3xl">
        {`Hello, ${user.displayName}`}
      </PageTitle>
      <p className="mt-2 text-muted">This is your computer on the web.</p>
      <SecondFactorNudge user={user} />
      {credits.data && <CreditAlert credits={credits.data} />}
      {instance.deletionDueAt && <LeavingNotice instance={instance} className="mt-8" />}
      {instance.archiveDueAt && <ArchiveNotice instance={instance} dueAt={instance.archiveDueAt} />}
      <InstanceCard instance={instance} live={live} reconnecting={reconnecting} />
      <UsageCard instance={instance} />
      {!site().isSingle && <CreditsCard credits={credits} />}
      <Published />
      <Shared />
      {instance.desired !== 'deleted' && <RecentEvents instanceId={instance.id} />}
      {instance.desired !== 'deleted' && <OutputSection instanceId={instance.id} />}
      <DangerZone instance={instance} />
    </div>
  )
}

/** Once it has failed, or while it waits for a connection, the computer is shown without it. */
const isFirstFetch = (query: { isLoading: boolean; isFetched: boolean; failureCount: number }) =>
  query.isLoading && !query.isFetched && query.failureCount === 0

function Published() {
  const { instance, view } = usePublishing()
  const published = view?.publications.filter(({ publishedAt }) => publishedAt !== null)
  if (!instance || !view || !published?.length) return null
  return (
    <section aria-labelledby="published-apps" className="mt-8">
      <h2 id="published-apps" className="font-semibold">
        Published apps
      </h2>
      <PublishedApps instanceId={instance.id} publications={published} isAllowed={view.isAllowed} />
    </section>
  )
}

function Shared() {
  const shared = trpc.sharing.sharedWithMe.useQuery()
  if (!shared.data?.length) return null
  return (
    <section aria-labelledby="shared-with-me" className="mt-8">
      <h2 id="shared-with-me" className="font-semibold">
        Shared with you
      </h2>
      <SharedWithMe />
    </section>
  )
}
