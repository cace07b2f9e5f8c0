/** Other people's computers that this person may open. */
import type { SharedInstanceView } from '@matrixos/shared'
import { type RefObject, useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

/** Without `whenEmpty` there is nothing to see until somebody shares something. */
export function SharedWithMe({ whenEmpty }: { whenEmpty?: string }) {
  const shared = trpc.sharing.sharedWithMe.useQuery()
  if (shared.error && whenEmpty) {
    return (
      <Notice tone="error" className="mt-3">
        {errorText(shared.error)}
      </Notice>
    )
  }
  if (!shared.data) return whenEmpty ? <Skeleton className="mt-3 h-20" /> : null
  if (shared.data.length === 0)
    return whenEmpty ? <p className="mt-2 text-muted text-sm">{whenEmpty}</p> : null
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-surface">
      {shared.data.map((instance) => (
        <SharedInstance key={instance.instanceId} instance={instance} />
      ))}
    </ul>
  )
}

function SharedInstance({ instance }: { instance: SharedInstanceView }) {
  const { handle, displayName, url, observed, canUseNotes } = instance
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-6 py-4">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{displayName}’s computer</p>
        <p className="truncate text-muted text-sm">
          {displayName !== handle && `${handle} · `}
          {observed === 'running' ? 'Awake' : 'Asleep'} ·{' '}
          {canUseNotes ? 'you can use the note pad' : 'view only'}
        </p>
      </div>
      <div className="flex gap-2">
        <ButtonLink size="sm" variant="secondary" href={url} aria-label={`Open ${handle}’s computer`}>
          Open
        </ButtonLink>
        <Button
          ref={opener}
          size="sm"
          variant="ghost"
          aria-label={`Leave ${handle}’s computer`}
          onClick={() => setAsking(true)}
        >
          Leave
        </Button>
      </div>
      <LeaveDialog instance={instance} open={asking} onOpenChange={setAsking} opener={opener} />
    </li>
  )
}

interface LeaveDialogProps {
  instance: SharedInstanceView
  open: boolean
  onOpenChange: (open: boolean) => void
  opener: RefObject<HTMLButtonElement | null>
}

function LeaveDialog({ instance, open, onOpenChange, opener }: LeaveDialogProps) {
  const { instanceId, handle } = instance
  const utils = trpc.useUtils()
  const leave = trpc.sharing.leave.useMutation({
    onSuccess: async () => {
      await utils.sharing.sharedWithMe.invalidate()
      toast.success(`You can no longer see ${handle}’s computer.`)
    },
    onError: (error) => toast.error(errorText(error)),
  })
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      opener={opener}
      title={`Leave ${handle}’s computer?`}
      description={<p>You can no longer open it, until {handle} invites you again.</p>}
    >
      <DialogActions>
        <Button variant="secondary" onClick={() => onOpenChange(false)}>
          Stay
        </Button>
        <Button variant="danger" pending={leave.isPending} onClick={() => leave.mutate({ instanceId })}>
          Leave
        </Button>
      </DialogActions>
    </Dialog>
  )
}
