/** Sign-up without a passkey: a password, then the authenticator app with one right code. */
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, type UserView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { errorCodeOf, errorText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { TotpConfirm } from './totp-confirm.tsx'
import { authErrorText, isHandleError } from './words.ts'

/** Why an earlier QR code is void. */
const OUTDATED = {
  expired: 'That took a while, so the set-up expired.',
  restarted: 'The set-up was interrupted, so it begins again.',
}

export interface TotpSetupProps {
  handle: string
  /** A QR code was shown before, and the page was left or loaded again since. */
  restarted: boolean
  /** Called when a QR code is shown. */
  onShown: () => void
  /** With a message when the api objects to the handle. */
  onBack: (message: string | null) => void
  onDone: (user: UserView) => void
}

export function TotpSetup({ handle, restarted, onShown, onBack, onDone }: TotpSetupProps) {
  const [password, setPassword] = useState('')
  const [outdated, setOutdated] = useState<keyof typeof OUTDATED | null>(restarted ? 'restarted' : null)
  const start = trpc.auth.registerTotpStart.useMutation({
    onSuccess: onShown,
    onError: (error) => {
      if (isHandleError(error)) onBack(errorText(error))
    },
  })
  const begin = useSingle(start.mutate)
  if (start.data) {
    return (
      <TotpConfirm
        setup={start.data}
        replaces={outdated !== null}
        onDone={onDone}
        onExpired={() => {
          setOutdated('expired')
          start.reset()
        }}
      />
    )
  }
  const problem = errorCodeOf(start.error) === 'challenge_expired' ? null : authErrorText(start.error)

  function submit(event: FormEvent) {
    event.preventDefault()
    begin({ handle, password })
  }

  return (
    <SignUpShell
      title="Choose a password"
      lead="Together with a code from an authenticator app, it is your way in."
    >
      <form onSubmit={submit}>
        <p className="mb-5 flex items-center justify-between gap-3 rounded-control bg-sunken py-2 pr-2 pl-4">
          <span className="min-w-0 break-all font-mono text-sm">{site().instanceHost(handle)}</span>
          <Button variant="ghost" size="sm" onClick={() => onBack(null)}>
            Change
          </Button>
        </p>
        {/* Password managers store the password under this name. */}
        <input type="hidden" name="username" autoComplete="username" value={handle} readOnly />
        <PasswordField
          label="Password"
          name="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="new-password"
          minLength={PASSWORD_MIN_CHARS}
          maxLength={PASSWORD_MAX_CHARS}
          required
          autoFocus
          hint={lengthHint(password.length)}
        />
        {outdated && (
          <Notice tone="warn" className="mt-3">
            {OUTDATED[outdated]} Continue to get a new QR code; the old one no longer counts.
          </Notice>
        )}
        {problem && (
          <Notice tone="error" className="mt-3">
            {problem}
          </Notice>
        )}
        <Button type="submit" size="lg" className="mt-5 w-full" pending={start.isPending}>
          Continue
        </Button>
      </form>
    </SignUpShell>
  )
}

const lengthHint = (length: number) =>
  length === 0 || length >= PASSWORD_MIN_CHARS
    ? `At least ${PASSWORD_MIN_CHARS} characters. A few random words are easy to remember.`
    : `${PASSWORD_MIN_CHARS - length} more ${PASSWORD_MIN_CHARS - length === 1 ? 'character' : 'characters'} to go.`
