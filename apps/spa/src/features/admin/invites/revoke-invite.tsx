/** Asks before an invite stops working. */
import type { InviteView } from '@matrixos/shared'
import type { RefObject } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'

export interface RevokeInviteProps {
  invite: InviteView
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export function RevokeInvite({ invite, opener, onClose }: RevokeInviteProps) {
  const { admin } = trpc.useUtils()
  const { code } = invite
  const revoke = trpc.admin.invites.revoke.useMutation({
    onSuccess: async () => {
      toast.success(`${code} is revoked.`)
      onClose()
      await admin.invites.list.invalidate()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title="Revoke this invite?"
      description={
        <p>
          Nobody can sign up with <span className="break-all font-mono text-ink">{code}</span> from now on,
          and it leaves the list. Accounts that were made with it stay.
        </p>
      }
    >
      {revoke.error && (
        <Notice tone="error" className="mt-4">
          {errorText(revoke.error)}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Keep it
        </Button>
        <Button variant="danger" pending={revoke.isPending} onClick={() => revoke.mutate({ code })}>
          Revoke
        </Button>
      </DialogActions>
    </Dialog>
  )
}
