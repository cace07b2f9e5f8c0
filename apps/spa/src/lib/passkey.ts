/** What a failed passkey prompt means to the person in front of it. */

export type PasskeyProblem = 'cancelled' | 'superseded' | 'exists' | 'unsupported' | 'other'

const NAMES: Record<string, PasskeyProblem> = {
  NotAllowedError: 'cancelled',
  AbortError: 'superseded',
  InvalidStateError: 'exists',
  NotSupportedError: 'unsupported',
  ConstraintError: 'unsupported',
  SecurityError: 'other',
  UnknownError: 'other',
}

/** `null`: the error did not come from the passkey prompt. The library keeps the browser's error as the cause. */
export function passkeyProblem(error: unknown): PasskeyProblem | null {
  if (!(error instanceof Error)) return null
  if (error.name === 'WebAuthnError') return passkeyProblem(error.cause) ?? 'other'
  return NAMES[error.name] ?? (error.cause instanceof Error ? passkeyProblem(error.cause) : null)
}

/** The text for a problem; none for a prompt that another one replaced. */
export const PASSKEY_TEXT: Record<Exclude<PasskeyProblem, 'superseded'>, string> = {
  cancelled: 'The passkey prompt was closed. Ready when you are.',
  exists: 'This device already holds a passkey for this account. Sign in with it instead.',
  unsupported: 'This device can’t use a passkey here. Use a password and an authenticator app instead.',
  other: 'The passkey could not be used. Try again, or use a password and an authenticator app.',
}

/** Somebody may choose the wrong passkey; a browser that answers by itself must not ask the api without end. */
const REARM_PAUSES_MS = [0, 1000, 5000, 15_000]

/** How long to wait before autofill is offered (again); `null`: only the button is left. */
export const rearmPause = (refusals: number): number | null => REARM_PAUSES_MS[refusals] ?? null
