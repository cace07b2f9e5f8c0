/** Sign-up without a passkey: a password, then the authenticator app with one right code. */
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, TOTP_GUESSES, type UserView } from '@matrixos/shared'
import { type FormEvent, useEffect, useEffectEvent, useState } from 'react'
import { errorCodeOf, errorText } from '../../lib/errors.ts'
import { focusField } from '../../lib/focus-field.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { useSingle } from '../../lib/use-single.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { CheckingBrowser } from './checking-browser.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { TotpConfirm } from './totp-confirm.tsx'
import { useModeCheck } from './use-sign-up-mode.ts'
import { authErrorText, isHandleError } from './words.ts'

/** Why an earlier QR code is void. */
const OUTDATED = {
  expired: 'Setup expired.',
  restarted: 'Setup was interrupted.',
  'used-up': `That was ${TOTP_GUESSES} wrong codes.`,
}

export interface TotpSetupProps {
  handle: string
  /** The invite code; `null` where none is needed. */
  invite: string | null
  step: 'password' | 'code'
  /** A QR code was shown before, and the page was left or loaded again since. */
  restarted: boolean
  onStep: (step: 'password' | 'code', options?: { replace: boolean }) => void
  /** With a message when the api objects to the handle. */
  onBack: (message: string | null) => void
  onDone: (user: UserView) => void
}

export function TotpSetup({ handle, invite, step, restarted, onStep, onBack, onDone }: TotpSetupProps) {
  const [password, setPassword] = useState('')
  const [outdated, setOutdated] = useState<keyof typeof OUTDATED | null>(restarted ? 'restarted' : null)
  const checkMode = useModeCheck()
  const start = trpc.auth.registerTotpStart.useMutation({
    onSuccess: () => onStep('code'),
    onError: (error) => {
      if (isHandleError(error)) onBack(errorText(error))
      checkMode(error)
    },
  })
  const begin = useSingle(start.mutate)
  const [isShort, setIsShort] = useState(false)
  const [again, setAgain] = useState(false)
  // Nothing to confirm, as after a reload: the password comes first.
  const isEarly = step === 'code' && !start.data
  const goBack = useEffectEvent(() => onStep('password', { replace: true }))
  useEffect(() => {
    if (isEarly) goBack()
  }, [isEarly])
  if (step === 'code' && start.data) {
    return (
      <TotpConfirm
        setup={start.data}
        replaces={again || outdated !== null}
        onDone={onDone}
        onVoid={(why) => {
          setOutdated(why)
          start.reset()
        }}
      />
    )
  }
  const problem = errorCodeOf(start.error) === 'challenge_expired' ? null : authErrorText(start.error)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (password.length < PASSWORD_MIN_CHARS) {
      setIsShort(true)
      focusField(event.currentTarget, 'password')
      return
    }
    if (start.data) setAgain(true)
    begin({ handle, password, ...(invite && { invite }) })
  }

  return (
    <SignUpShell
      title="Choose a password"
      lead="You’ll sign in with it and a code from an authenticator app."
    >
      <form noValidate onSubmit={submit}>
        <p className="mb-5 flex items-center justify-between gap-3 rounded-control bg-sunken py-2 pr-2 pl-4">
          <span className="min-w-0 break-all font-mono text-sm">{site().address(handle)}</span>
          <Button variant="ghost" size="sm" onClick={() => onBack(null)}>
            Change
          </Button>
        </p>
        {/* Password managers store the password under this name. They skip fields of the type `hidden`. */}
        <input type="text" name="username" autoComplete="username" value={handle} readOnly hidden />
        <PasswordField
          label="Password"
          name="password"
          value={password}
          onChange={(event) => {
            setPassword(event.target.value)
            setIsShort(false)
          }}
          error={isShort && `Use at least ${PASSWORD_MIN_CHARS} characters.`}
          autoComplete="new-password"
          minLength={PASSWORD_MIN_CHARS}
          maxLength={PASSWORD_MAX_CHARS}
          required
          autoFocus
          noteLines={2}
          hint={lengthHint(password.length)}
        />
        {outdated && (
          <Notice tone="warn" className="mt-3">
            {OUTDATED[outdated]} Continue to get a new QR code; the old one no longer works.
          </Notice>
        )}
        <Button type="submit" size="lg" className="mt-3 w-full" pending={start.isPending}>
          Continue
        </Button>
        <CheckingBrowser />
        {problem && (
          <Notice tone="error" className="mt-4">
            {problem}
          </Notice>
        )}
      </form>
    </SignUpShell>
  )
}

const lengthHint = (length: number) =>
  length === 0 || length >= PASSWORD_MIN_CHARS
    ? `At least ${PASSWORD_MIN_CHARS} characters. A few random words are easy to remember.`
    : `${PASSWORD_MIN_CHARS - length} more ${PASSWORD_MIN_CHARS - length === 1 ? 'character' : 'characters'} to go.`
