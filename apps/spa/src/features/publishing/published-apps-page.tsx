/** `/settings/apps`: what of one's computer others may open. */
import { trpc } from '../../lib/trpc.ts'
import { Card } from '../../ui/card.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { PublishedApps } from './published-apps.tsx'
import { PublishingOff } from './publishing-off.tsx'
import { usePublishing } from './use-publishing.ts'

export function PublishedAppsPage() {
  const publishing = usePublishing()
  const me = trpc.auth.session.useQuery()
  const { instance, view } = publishing
  const published = view?.publications.filter(({ publishedAt }) => publishedAt !== null)
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Published apps</PageTitle>
      <p className="mt-2 max-w-prose text-muted leading-7">
        Whoever opens one of these gets into that app, and nowhere else on your computer.
      </p>
      {view && !view.isAllowed && me.data && <PublishingOff user={me.data} />}
      {instance && view && published && published.length > 0 && (
        <div className="mt-8">
          <PublishedApps instanceId={instance.id} publications={published} isAllowed={view.isAllowed} />
        </div>
      )}
      {published?.length === 0 && <Empty />}
      {!view && !publishing.error && <Skeleton className="mt-8 h-40 rounded-card" />}
      {!view && publishing.error && (
        <QueryError title="What you publish could not be loaded" query={publishing} />
      )}
    </div>
  )
}

const Empty = () => (
  <Card className="mt-8">
    <h2 className="font-semibold">Nothing is published</h2>
    <p className="mt-2 max-w-prose text-muted leading-7">
      Open the menu of an app on your computer and choose Publish. You get a link that others open without an
      account, and end it here whenever you like.
    </p>
  </Card>
)
