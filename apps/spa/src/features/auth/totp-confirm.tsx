/** The authenticator app's set-up: scan or copy the key, then prove it with one code. */

import { TOTP_GUESSES, type UserView } from '@matrixos/shared'
import { type FormEvent, useRef, useState } from 'react'
import { errorCodeOf } from '../../lib/errors.ts'
import { focusField } from '../../lib/focus-field.ts'
import { ENTER_CODE } from '../../lib/texts.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { TotpKey } from './totp-key.tsx'
import { authErrorText } from './words.ts'

export interface TotpConfirmProps {
  setup: RouterOutputs['auth']['registerTotpStart']
  /** An earlier QR code was shown, and this one takes its place. */
  replaces: boolean
  onDone: (user: UserView) => void
  /** The code can no longer be confirmed. */
  onVoid: (why: 'expired' | 'used-up') => void
}

export function TotpConfirm({ setup, replaces, onDone, onVoid }: TotpConfirmProps) {
  const [code, setCode] = useState('')
  const [isShort, setIsShort] = useState(false)
  const wrong = useRef(0)
  const confirm = trpc.auth.registerTotp.useMutation({
    onSuccess: onDone,
    onError: (error) => {
      setCode('')
      const reason = errorCodeOf(error)
      if (reason === 'credential_refused') wrong.current++
      // To the api a used-up set-up is gone like an expired one. After the last wrong code there is nothing to try.
      if (wrong.current >= TOTP_GUESSES) onVoid('used-up')
      else if (reason === 'challenge_expired') onVoid('expired')
    },
  })

  const send = useSingle(confirm.mutate)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const short = code.length !== 6
    setIsShort(short)
    if (short) focusField(event.currentTarget, 'code')
    else send({ challengeId: setup.challengeId, code })
  }

  return (
    <SignUpShell
      title="Connect your app"
      lead="One code from your authenticator app, and your computer is yours."
    >
      <form noValidate onSubmit={submit}>
        {replaces && (
          <Notice tone="warn" className="mb-5">
            Scan this new code, and remove the old entry from your app.
          </Notice>
        )}
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
        <Button type="submit" size="lg" className="mt-4 w-full" pending={confirm.isPending}>
          Create my computer
        </Button>
      </form>
    </SignUpShell>
  )
}
