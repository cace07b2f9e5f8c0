/** The authenticator app's set-up: scan or copy the key, then prove it with one code. */

import { TOTP_GUESSES, type UserView } from '@matrixos/shared'
import { type FormEvent, lazy, Suspense, useRef, useState } from 'react'
import { errorCodeOf } from '../../lib/errors.ts'
import { focusField } from '../../lib/focus-field.ts'
import { ENTER_CODE } from '../../lib/texts.ts'
import { type RouterOutputs, trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { CodeField } from '../../ui/code-field.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { authErrorText } from './words.ts'

const QrCode = lazy(async () => ({ default: (await import('../../ui/qr-code.tsx')).QrCode }))

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
        <p className="text-sm leading-6">
          Scan this with an authenticator app, or{' '}
          <a href={setup.otpauthUrl} className="text-accent underline underline-offset-4">
            open it on this device
          </a>
          .
        </p>
        <div className="mx-auto my-5 size-48">
          <Suspense fallback={<Skeleton className="size-full" />}>
            <QrCode text={setup.otpauthUrl} label="QR code for your authenticator app" />
          </Suspense>
        </div>
        <p className="font-medium text-sm">Or type this key</p>
        <div className="mt-2 mb-6 flex items-center justify-between gap-3 rounded-control bg-sunken py-2 pr-2 pl-4">
          <code className="min-w-0 break-all font-mono text-sm">{grouped(setup.secret)}</code>
          <CopyButton text={setup.secret} label="Copy key" />
        </div>
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

/** Four letters at a time are easier to type. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')
