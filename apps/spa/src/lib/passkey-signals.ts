/**
 * Tells password managers which passkeys still count and what they are called (WebAuthn 3, 5.1.10), where the browser
 * can. It is a courtesy: whatever comes of it, nothing here fails.
 */
import type { ErrorCode, PasskeyList } from '@matrixos/shared'
import { errorCodeOf } from './errors.ts'

/** The part of `PublicKeyCredential` that browsers learn one by one. */
type Signals = Partial<
  Pick<
    typeof PublicKeyCredential,
    'signalUnknownCredential' | 'signalAllAcceptedCredentials' | 'signalCurrentUserDetails'
  >
>

const browser = (): Signals => (typeof PublicKeyCredential === 'undefined' ? {} : PublicKeyCredential)

async function quietly(signal: () => Promise<void> | undefined): Promise<void> {
  try {
    await signal()
  } catch {
    // A password manager that refuses keeps what it has; the api decides anyway.
  }
}

/** After a refused sign-in: no account has this passkey, so the browser need not offer it again. */
export const signalUnknown = (
  rpId: string | undefined,
  credentialId: string,
  signals = browser(),
): Promise<void> =>
  quietly(() => (rpId === undefined ? undefined : signals.signalUnknownCredential?.({ rpId, credentialId })))

/**
 * After these answers the api has not kept a new passkey. After any other, or none, it may have: whoever then lets the
 * browser forget it may have no way to sign in left.
 */
const NOT_KEPT: ReadonlySet<ErrorCode | null> = new Set<ErrorCode>([
  'credential_refused',
  'challenge_expired',
  'conflict',
  'not_found',
  'too_many_requests',
  'step_up_required',
  'unauthorized',
])

/** After a new passkey could not be added: the device has made it by then. */
export const signalNotKept = async (
  error: unknown,
  rpId: string | undefined,
  credentialId: string,
  signals = browser(),
): Promise<void> => {
  if (NOT_KEPT.has(errorCodeOf(error))) await signalUnknown(rpId, credentialId, signals)
}

/** After a change of the list or of the name: all that count, and what to call the account. */
export async function signalAccount(list: PasskeyList, signals = browser()): Promise<void> {
  const { rpId, userId, handle: name, displayName } = list
  const allAcceptedCredentialIds = list.passkeys.map(({ id }) => id)
  await quietly(() => signals.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }))
  await quietly(() => signals.signalCurrentUserDetails?.({ rpId, userId, name, displayName }))
}
