/** `/settings/sharing`: who else may see this computer, and whose computers this person may see. */
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AddViewer } from './add-viewer.tsx'
import { SharedWithMe } from './shared-with-me.tsx'
import { ViewerList } from './viewer-list.tsx'

export const SharingPage = () => (
  <div className="animate-rise">
    <PageTitle className="font-semibold text-2xl">Sharing</PageTitle>
    <p className="mt-2 max-w-prose text-muted">
      People you invite can open your computer and look around. They cannot change your files, and you can
      remove them at any time.
    </p>
    <OwnSharing />
    <section aria-labelledby="shared-with-me" className="mt-10">
      <h2 id="shared-with-me" className="font-semibold text-lg">
        Shared with you
      </h2>
      <SharedWithMe whenEmpty="Nobody has shared their computer with you yet." />
    </section>
  </div>
)

function OwnSharing() {
  const mine = trpc.tenants.mine.useQuery()
  if (mine.data) {
    return (
      <Card className="mt-8">
        <AddViewer instanceId={mine.data.id} />
        <ViewerList instanceId={mine.data.id} />
      </Card>
    )
  }
  if (!mine.error) return <Skeleton className="mt-8 h-48" />
  return (
    <Notice
      tone="error"
      className="mt-8"
      title="Your computer could not be loaded"
      action={
        <Button size="sm" variant="secondary" pending={mine.isFetching} onClick={() => void mine.refetch()}>
          Try again
        </Button>
      }
    >
      {errorText(mine.error)}
    </Notice>
  )
}
