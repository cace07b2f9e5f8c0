/** Sign-in and sign-up errors in words. */
import { TRPCClientError } from '@trpc/client'
import { errorCodeOf, problemText } from '../../lib/errors.ts'
import { PASSKEY_TEXT, passkeyProblem } from '../../lib/passkey.ts'

/** `null`: nothing worth saying, as when a second prompt replaces the first. */
export function authErrorText(error: unknown): string | null {
  if (error === null || error === undefined) return null
  if (errorCodeOf(error) === 'challenge_expired') {
    return 'That took too long. Try again.'
  }
  if (error instanceof TRPCClientError) return problemText(error)
  const problem = passkeyProblem(error)
  if (problem === 'superseded') return null
  return problem ? PASSKEY_TEXT[problem] : PASSKEY_TEXT.other
}

const HANDLE_CODES: ReadonlySet<string> = new Set(['handle_taken', 'handle_reserved', 'handle_malformed'])

/** Whether the chosen handle is what the api objects to. */
export const isHandleError = (error: unknown): boolean => HANDLE_CODES.has(errorCodeOf(error) ?? '')
