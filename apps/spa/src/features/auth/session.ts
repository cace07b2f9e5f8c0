/** Who is signed in, as far as this tab knows. */
import type { UserView } from '@matrixos/shared'
import { isSignedOut } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'

export type Session =
  | { status: 'loading' }
  | { status: 'in'; user: UserView }
  | { status: 'out' }
  | { status: 'unknown'; error: unknown; retry: () => void }

/** A failing network does not sign anybody out: what was known stays. An answer of "nobody" is not asked for again by the next page. */
export function useSession(): Session {
  const me = trpc.auth.me.useQuery(undefined, { staleTime: 30_000, retryOnMount: false })
  if (isSignedOut(me.error)) return { status: 'out' }
  if (me.data) return { status: 'in', user: me.data }
  if (me.error) return { status: 'unknown', error: me.error, retry: () => void me.refetch() }
  return { status: 'loading' }
}

/** Call it with the user that a sign-in or sign-up returned. */
export function useSignedIn(): (user: UserView) => void {
  const utils = trpc.useUtils()
  return (user) => {
    void utils.tenants.invalidate()
    utils.auth.me.setData(undefined, user)
  }
}
