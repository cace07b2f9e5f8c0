/** Who is signed in, as far as this tab knows. */
import type { UserView } from '@matrixos/shared'
import { useState } from 'react'
import { isSignedOut } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'

export type Session =
  | { status: 'loading' }
  | { status: 'in'; user: UserView }
  | { status: 'out' }
  | { status: 'unknown'; error: unknown; retry: () => void }

/**
 * A failing network does not sign anybody out: what was known stays. An answer of "nobody" is not asked for again by
 * the next page. While the question is repeated its last answer holds, so that no page is torn down meanwhile.
 */
export function useSession(): Session {
  const me = trpc.auth.session.useQuery(undefined, { staleTime: 30_000, retryOnMount: false })
  const [lastError, setLastError] = useState<unknown>(null)
  if (me.error && me.error !== lastError) setLastError(me.error)
  const error = me.error ?? (me.data === undefined ? lastError : null)
  if (isSignedOut(error) || (me.data === null && !me.error)) return { status: 'out' }
  if (me.data) return { status: 'in', user: me.data }
  if (error) return { status: 'unknown', error, retry: () => void me.refetch() }
  return { status: 'loading' }
}

/** Call it with the user that a sign-in or sign-up returned. */
export function useSignedIn(): (user: UserView) => void {
  const utils = trpc.useUtils()
  return (user) => {
    void utils.tenants.invalidate()
    utils.auth.session.setData(undefined, user)
  }
}
