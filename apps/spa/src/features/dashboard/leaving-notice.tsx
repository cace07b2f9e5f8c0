/** For whoever has deleted their computer: until when it can be had back, and the button for that. */
import type { InstanceView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { problemText } from '../../lib/errors.ts'
import { longDate } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

export interface LeavingNoticeProps {
  instance: Pick<InstanceView, 'id' | 'deletionDueAt'>
  className?: string
  onKept?: () => void
}

export function LeavingNotice({ instance, className, onKept }: LeavingNoticeProps) {
  const utils = trpc.useUtils()
  const keep = trpc.tenants.undoDeletion.useMutation({
    onSuccess: (view) => {
      utils.tenants.mine.setData(undefined, view)
      onKept?.()
    },
  })
  const problem = problemText(keep.error)
  if (!instance.deletionDueAt) return null
  return (
    <div className={className}>
      <Notice
        tone="info"
        title={`Your computer will be deleted on ${longDate(instance.deletionDueAt)}`}
        action={
          <Button size="sm" pending={keep.isPending} onClick={() => keep.mutate({ instanceId: instance.id })}>
            Keep my computer
          </Button>
        }
      >
        <p>
          It is closed, and everything on it is still here. Until then you can take it back as it was, or{' '}
          <Link to="/settings/move" className="text-accent underline underline-offset-4">
            export your files
          </Link>
          .
        </p>
      </Notice>
      {problem && <Notice tone="error">{problem}</Notice>}
    </div>
  )
}
