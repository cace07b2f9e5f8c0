/** Shows whom an action touches, asks what it needs, and does it to exactly those. */
import type { PeopleAction, PeopleSelection } from '@matrixos/shared'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { QueryError } from '../query-error.tsx'
import { ActionForm } from './action-form.tsx'
import { ACTION_WORDS } from './actions.ts'
import { type Left, LeftAlone } from './touched-people.tsx'

export interface ActionDialogProps {
  action: PeopleAction
  selection: PeopleSelection
  opener: RefObject<HTMLElement | null>
  onClose: () => void
  onDone?: () => void
}

export function ActionDialog({ action, selection, opener, onClose, onDone }: ActionDialogProps) {
  const { client, admin } = trpc.useUtils()
  const [failed, setFailed] = useState<Left[]>([])
  // Nothing that was shown once is shown again: who is touched may have changed.
  const preview = useQuery({
    queryKey: ['people-preview', action, selection],
    queryFn: () => client.admin.people.preview.mutate({ action, selection }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const words = ACTION_WORDS[action]
  const finish = (done: number, left: Left[]) => {
    void admin.people.invalidate()
    void admin.overview.invalidate()
    if (done > 0) {
      toast.success(words.done(done))
      onDone?.()
    }
    if (left.length > 0) setFailed(left)
    else onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={`${words.label}?`}
      description={words.explanation}
    >
      {failed.length > 0 ? (
        <>
          <LeftAlone title="Could not be done for" people={failed} />
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </>
      ) : preview.data ? (
        <ActionForm action={action} preview={preview.data} onCancel={onClose} onFinished={finish} />
      ) : preview.error ? (
        <QueryError title="Nothing was done" query={preview} />
      ) : (
        <div className="mt-5 space-y-3">
          <Skeleton className="h-6 w-40" />
          <Skeleton className="h-20" />
        </div>
      )}
    </Dialog>
  )
}
