/** Ends every session but this one, after asking. */
import { toast } from 'sonner'
import { problemText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

export function SignOutOthers(props: Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'>) {
  const utils = trpc.useUtils()
  const revoke = trpc.auth.sessions.revokeOthers.useMutation({
    onSuccess: ({ sessions }) => {
      props.onOpenChange(false)
      toast.success(`Signed out of ${sessions} other ${sessions === 1 ? 'session' : 'sessions'}.`)
      return utils.auth.sessions.list.invalidate()
    },
  })
  const problem = problemText(revoke.error)
  return (
    <Dialog
      {...props}
      title="Sign out all others?"
      description="Every other browser and device is signed out of your account within seconds. You stay signed in here, and your computer keeps running."
    >
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={() => props.onOpenChange(false)}>
          Cancel
        </Button>
        <Button variant="danger" pending={revoke.isPending} onClick={() => revoke.mutate()}>
          Sign out all others
        </Button>
      </DialogActions>
    </Dialog>
  )
}
