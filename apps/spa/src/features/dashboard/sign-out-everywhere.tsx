/** Ends every session of this account, after asking. */
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { leaveTo } from './leave.ts'

export function SignOutEverywhere(props: Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'>) {
  const logout = trpc.auth.logoutEverywhere.useMutation({
    onSuccess: ({ sessions }) =>
      leaveTo('/login', `Signed out of ${sessions} ${sessions === 1 ? 'session' : 'sessions'}.`),
  })
  return (
    <Dialog
      {...props}
      title="Sign out everywhere?"
      description="This signs you out of every browser and device within seconds, including this one. Your computer keeps running."
    >
      {logout.error && (
        <Notice tone="error" className="mt-4">
          {errorText(logout.error)}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={() => props.onOpenChange(false)}>
          Cancel
        </Button>
        <Button pending={logout.isPending} onClick={() => logout.mutate()}>
          Sign out everywhere
        </Button>
      </DialogActions>
    </Dialog>
  )
}
