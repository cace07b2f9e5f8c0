/** Who may see one's computer: what each may do, and the way to end it, with a moment to take that back. */
import type { InstanceId, ViewerView } from '@matrixos/shared'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

export function ViewerList({ instanceId }: { instanceId: InstanceId }) {
  const viewers = trpc.sharing.viewers.useQuery({ instanceId })
  return (
    <section aria-labelledby="viewers" className="mt-6 border-line border-t pt-6">
      <h3 id="viewers" className="font-semibold">
        People who can see your computer
      </h3>
      {viewers.data && viewers.data.length > 0 && (
        <ul className="mt-2 divide-y divide-line">
          {viewers.data.map((viewer) => (
            <Viewer key={viewer.handle} instanceId={instanceId} viewer={viewer} />
          ))}
        </ul>
      )}
      {viewers.data?.length === 0 && (
        <p className="mt-2 text-muted text-sm">Only you can see it. Invite someone above.</p>
      )}
      {!viewers.data && !viewers.error && <Skeleton className="mt-3 h-14" />}
      {viewers.error && (
        <Notice
          tone="error"
          className="mt-3"
          action={
            <Button size="sm" variant="secondary" onClick={() => void viewers.refetch()}>
              Try again
            </Button>
          }
        >
          {errorText(viewers.error)}
        </Notice>
      )}
    </section>
  )
}

function Viewer({ instanceId, viewer }: { instanceId: InstanceId; viewer: ViewerView }) {
  const utils = trpc.useUtils()
  const now = useNow(60_000)
  const options = {
    onSuccess: (next: ViewerView[]) => utils.sharing.viewers.setData({ instanceId }, next),
    onError: (error: unknown) => void toast.error(errorText(error)),
  }
  const change = trpc.sharing.add.useMutation(options)
  const remove = trpc.sharing.remove.useMutation({
    ...options,
    onSuccess: (next) => {
      options.onSuccess(next)
      // The row is gone by then: its own mutations would never answer.
      const again = { instanceId, handle: viewer.handle, canUseNotes: viewer.canUseNotes }
      const onClick = () =>
        void utils.client.sharing.add.mutate(again).then(options.onSuccess, options.onError)
      toast.success(`${viewer.handle} can no longer see your computer.`, {
        action: { label: 'Undo', onClick },
      })
    },
  })
  const { handle, displayName, canUseNotes, since } = viewer
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{displayName}</p>
        <p className="truncate text-muted text-sm">
          {displayName !== handle && `${handle} · `}Added {timeAgo(since, now)}
        </p>
      </div>
      <Checkbox
        label="Note pad"
        aria-label={`${handle} may read and write the note pad`}
        checked={change.isPending ? change.variables.canUseNotes : canUseNotes}
        // Not disabled meanwhile, which would drop the focus.
        aria-disabled={change.isPending || undefined}
        onChange={({ target }) =>
          !change.isPending && change.mutate({ instanceId, handle, canUseNotes: target.checked })
        }
      />
      <Button
        size="sm"
        variant="danger-quiet"
        aria-label={`Remove ${handle}`}
        pending={remove.isPending}
        onClick={() => remove.mutate({ instanceId, handle })}
      >
        Remove
      </Button>
    </li>
  )
}
