/** The first step of signing up: the handle, and the choice between a passkey and a password. */

import { normalizeHandle, type UserView } from '@matrixos/shared'
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import type { FormEvent } from 'react'
import { errorCodeOf, errorText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CheckingBrowser } from './checking-browser.tsx'
import { HandleField } from './handle-field.tsx'
import { InviteField } from './invite-field.tsx'
import { SignUpShell } from './sign-up-shell.tsx'
import { signUpWords } from './sign-up-words.ts'
import { useHandle } from './use-handle.ts'
import { useModeCheck } from './use-sign-up-mode.ts'
import { authErrorText, isHandleError } from './words.ts'

export interface Refusal {
  handle: string
  message: string
}

export interface HandleStepProps {
  handle: string
  refusal: Refusal | null
  /** The invite code; `null` where none is needed. */
  invite: string | null
  onHandle: (handle: string) => void
  onInvite: (code: string) => void
  onRefused: (refusal: Refusal | null) => void
  onTotp: (handle: string) => void
  onDone: (user: UserView) => void
}

function usePasskeySignUp({
  invite,
  onDone,
  onRefused,
}: Pick<HandleStepProps, 'invite' | 'onDone' | 'onRefused'>) {
  const { client } = trpc.useUtils()
  const checkMode = useModeCheck()
  return useMutation({
    mutationFn: async (handle: string) => {
      const { challengeId, options } = await client.auth.registerPasskeyOptions.mutate({
        handle,
        ...(invite && { invite }),
      })
      // The two sides differ only in how they write optional keys.
      const response = await startRegistration({
        optionsJSON: options as PublicKeyCredentialCreationOptionsJSON,
      })
      return await client.auth.registerPasskey.mutate({ challengeId, response })
    },
    onSuccess: onDone,
    onError: (error, handle) => {
      if (isHandleError(error)) onRefused({ handle, message: errorText(error) })
      checkMode(error)
    },
  })
}

export function HandleStep(props: HandleStepProps) {
  const { refusal, invite, onHandle, onInvite, onRefused, onTotp, onDone } = props
  const { text, setText, state } = useHandle(props.handle)
  const passkey = usePasskeySignUp({ invite, onDone, onRefused })
  const supported = browserSupportsWebAuthn()
  const words = signUpWords(site())
  const handle = normalizeHandle(text)
  const refused = refusal?.handle === handle ? refusal.message : null
  const isInvited = invite === null || invite.trim() !== ''
  const usable = refused === null && isInvited && ['ok', 'checking', 'unknown'].includes(state.status)
  const isInviteRefused = invite !== null && errorCodeOf(passkey.error) === 'invite_required'
  const problem = isHandleError(passkey.error) || isInviteRefused ? null : authErrorText(passkey.error)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!usable || passkey.isPending) return
    if (supported) passkey.mutate(handle)
    else onTotp(handle)
  }

  return (
    <SignUpShell title={words.title} lead={words.lead}>
      <form onSubmit={submit}>
        <HandleField
          text={text}
          state={state}
          refusal={refused}
          onText={(next) => {
            setText(next)
            onHandle(normalizeHandle(next))
            passkey.reset()
          }}
        />
        {invite !== null && (
          <InviteField
            code={invite}
            refusal={isInviteRefused ? errorText(passkey.error) : null}
            onCode={(code) => {
              onInvite(code)
              passkey.reset()
            }}
          />
        )}
        {!supported && (
          <Notice className="mt-4">
            This browser does not support passkeys. A password with an authenticator app works just as well.
          </Notice>
        )}
        <div className="mt-3 grid gap-3">
          {supported && (
            <Button type="submit" size="lg" pending={passkey.isPending} disabled={!usable}>
              {!passkey.isPending && <KeyRound aria-hidden />}
              Create passkey
            </Button>
          )}
          <Button
            type={supported ? 'button' : 'submit'}
            variant={supported ? 'ghost' : 'primary'}
            className="h-auto min-h-11 py-2"
            disabled={!usable || passkey.isPending}
            {...(supported && { onClick: () => onTotp(handle) })}
          >
            Use a password and authenticator app
          </Button>
        </div>
        <CheckingBrowser />
        {/* Below the buttons, which stay in place when it comes and goes. */}
        {problem && (
          <Notice tone="error" className="mt-4">
            {problem}
          </Notice>
        )}
      </form>
    </SignUpShell>
  )
}
