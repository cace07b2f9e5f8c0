/** Sets up a password with an authenticator app: a password, then one right code. */
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { errorCodeOf } from '../../lib/errors.ts'
import { ENTER_CODE } from '../../lib/texts.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { TotpKey } from '../auth/totp-key.tsx'
import { authErrorText } from '../auth/words.ts'
import { NewPassword } from './new-password.tsx'

export interface SetUpTotpProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'> {
  /** There is one already, which ends once the new one is confirmed. */
  replaces: boolean
}

export const SetUpTotp = ({ replaces, ...dialog }: SetUpTotpProps) => (
  <Dialog
    {...dialog}
    title={replaces ? 'Set up a new app' : 'Set up password and app'}
    description={
      replaces
        ? 'A new password and a new app take the place of the present ones once you confirm a code.'
        : 'Choose a password, then connect an authenticator app.'
    }
  >
    <Steps onDone={() => dialog.onOpenChange(false)} />
  </Dialog>
)

function Steps({ onDone }: { onDone: () => void }) {
  const start = trpc.auth.totp.start.useMutation()
  const [isExpired, setIsExpired] = useState(false)
  if (start.data && !isExpired) {
    return <Confirm setup={start.data} onDone={onDone} onExpired={() => setIsExpired(true)} />
  }
  return (
    <NewPassword
      submitLabel="Continue"
      pending={start.isPending}
      problem={isExpired && !start.error ? 'Setup expired. Start again.' : authErrorText(start.error)}
      onSubmit={(password) => start.mutate({ password }, { onSuccess: () => setIsExpired(false) })}
      onCancel={onDone}
    />
  )
}

interface ConfirmProps {
  setup: RouterOutputs['auth']['totp']['start']
  onDone: () => void
  onExpired: () => void
}

function Confirm({ setup, onDone, onExpired }: ConfirmProps) {
  const utils = trpc.useUtils()
  const [code, setCode] = useState('')
  const [isShort, setIsShort] = useState(false)
  const confirm = trpc.auth.totp.confirm.useMutation({
    onSuccess: () => {
      void utils.auth.totp.status.invalidate()
      void utils.auth.session.invalidate()
      toast.success('Password and authenticator app are set up.')
      onDone()
    },
    onError: (error) => {
      setCode('')
      if (errorCodeOf(error) === 'challenge_expired') onExpired()
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    setIsShort(code.length !== 6)
    if (code.length === 6 && !confirm.isPending) confirm.mutate({ challengeId: setup.challengeId, code })
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <TotpKey setup={setup} />
      <CodeField
        label="6-digit code"
        name="code"
        value={code}
        onValue={setCode}
        required
        autoFocus
        error={isShort ? ENTER_CODE : authErrorText(confirm.error)}
        hint="The code your app shows now."
      />
      <DialogActions>
        <Button variant="secondary" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" pending={confirm.isPending}>
          Confirm
        </Button>
      </DialogActions>
    </form>
  )
}
