/** Changes the password; the authenticator app stays. */
import { toast } from 'sonner'
import { trpc } from '../../lib/trpc.ts'
import { Dialog, type DialogProps } from '../../ui/dialog.tsx'
import { authErrorText } from '../auth/words.ts'
import { NewPassword } from './new-password.tsx'

export const ChangePassword = (dialog: Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'>) => (
  <Dialog {...dialog} title="Change your password" description="Your authenticator app stays as it is.">
    <ChangeForm onDone={() => dialog.onOpenChange(false)} />
  </Dialog>
)

function ChangeForm({ onDone }: { onDone: () => void }) {
  const change = trpc.auth.totp.changePassword.useMutation({
    onSuccess: () => {
      toast.success('Your password was changed.')
      onDone()
    },
  })
  return (
    <NewPassword
      submitLabel="Change password"
      pending={change.isPending}
      problem={authErrorText(change.error)}
      onSubmit={(password) => change.mutate({ password })}
      onCancel={onDone}
    />
  )
}
