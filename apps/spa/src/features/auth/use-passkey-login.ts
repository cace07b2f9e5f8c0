/** Signing in with a passkey: by button, or from the browser's autofill while the page is open. */

import type { ErrorCode, UserView } from '@matrixos/shared'
import {
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { errorCodeOf } from '../../lib/errors.ts'
import { rearmPause } from '../../lib/passkey.ts'
import { signalUnknown } from '../../lib/passkey-signals.ts'
import { trpc } from '../../lib/trpc.ts'

/** A challenge lives five minutes; the waiting autofill prompt gets a new one before that. */
const REARM_AFTER_MS = 4 * 60_000

/** What the api says of a passkey that was chosen. */
const ANSWERS: ReadonlySet<ErrorCode> = new Set([
  'credential_refused',
  'credential_unknown',
  'challenge_expired',
])

/** `asking`: whether a button's ceremony waits for the api, and not for the person. */
function useCeremony() {
  const { client } = trpc.useUtils()
  const [asking, setAsking] = useState(false)
  async function ask<T>(isShown: boolean, question: Promise<T>): Promise<T> {
    if (isShown) setAsking(true)
    return await question.finally(() => isShown && setAsking(false))
  }
  const ceremony = async (useBrowserAutofill: boolean) => {
    const isShown = !useBrowserAutofill
    const { challengeId, options } = await ask(isShown, client.auth.loginPasskeyOptions.mutate())
    // The two sides differ only in how they write optional keys.
    const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
    const response = await startAuthentication({ optionsJSON, useBrowserAutofill })
    try {
      return await ask(isShown, client.auth.loginPasskey.mutate({ challengeId, response }))
    } catch (error) {
      if (errorCodeOf(error) === 'credential_unknown') void signalUnknown(options.rpId, response.id)
      throw error
    }
  }
  return { ceremony, asking }
}

/** `enabled`: whether the browser knows passkeys at all. */
export interface PasskeyLoginOptions {
  enabled: boolean
  onDone: (user: UserView) => void
  /** Called when a passkey is tried: what another way in said before no longer counts. */
  onTry: () => void
}

/** `error`: of the last try, by button or autofill; `reset` forgets it. */
export function usePasskeyLogin({ enabled, onDone, onTry }: PasskeyLoginOptions) {
  const { ceremony, asking } = useCeremony()
  const [autofillError, setAutofillError] = useState<unknown>(null)
  const [round, setRound] = useState(0)
  const [refusals, setRefusals] = useState(0)
  const button = useMutation({ mutationFn: () => ceremony(false), onSuccess: onDone })

  const arm = useEffectEvent(async (isCurrent: () => boolean) => {
    try {
      if (!(await browserSupportsWebAuthnAutofill()) || !isCurrent()) return
      const user = await ceremony(true)
      if (isCurrent()) onDone(user)
    } catch (error) {
      // Only an answer to a passkey that was chosen matters: nobody asked for this prompt, and the button reports the rest.
      const code = errorCodeOf(error)
      if (!isCurrent() || code === null || !ANSWERS.has(code)) return
      onTry()
      setAutofillError(error)
      setRefusals((n) => n + 1)
    }
  })

  const pause = rearmPause(refusals)
  const armed = enabled && pause !== null && !button.isPending && !button.isSuccess
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round arms the prompt with a new challenge.
  useEffect(() => {
    if (!armed) return
    let current = true
    const starter = setTimeout(() => void arm(() => current), pause)
    const timer = setTimeout(() => setRound((n) => n + 1), REARM_AFTER_MS)
    return () => {
      current = false
      clearTimeout(starter)
      clearTimeout(timer)
      WebAuthnAbortService.cancelCeremony()
    }
  }, [armed, pause, round])

  const start = () => {
    onTry()
    setAutofillError(null)
    button.mutate()
  }
  const reset = () => {
    setAutofillError(null)
    button.reset()
  }
  return { start, reset, pending: button.isPending, asking, error: button.error ?? autofillError }
}
