/** Makes somebody an administrator, or a member again. */
import type { PersonView } from '@matrixos/shared'
import type { RefObject } from 'react'
import { toast } from 'sonner'
import { problemText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'

export interface PersonDialogProps {
  person: PersonView
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export function RoleDialog({ person, opener, onClose }: PersonDialogProps) {
  const { admin } = trpc.useUtils()
  const { id, handle } = person
  const isAdmin = person.role === 'admin'
  const set = trpc.admin.people.setRole.useMutation({
    onSuccess: () => {
      toast.success(isAdmin ? `${handle} is a member now.` : `${handle} is an administrator now.`)
      onClose()
    },
    onSettled: () => admin.people.invalidate(),
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={isAdmin ? `Make ${handle} a member?` : `Make ${handle} an administrator?`}
      description={
        isAdmin
          ? 'They lose these pages at once. Their account and their computer stay.'
          : 'They will see everybody’s accounts and logs, suspend people, change the platform’s settings, and make others administrators.'
      }
    >
      {problemText(set.error) && (
        <Notice tone="error" className="mt-4">
          {problemText(set.error)}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button
          variant="danger"
          pending={set.isPending}
          onClick={() => set.mutate({ id, role: isAdmin ? 'member' : 'admin' })}
        >
          {isAdmin ? 'Make a member' : 'Make an administrator'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
