/** Whoever is suspended hears of it after a right credential, and only then. */
import type { UserId } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { SessionStore } from './store.ts'

/** Throws `account_suspended` with the reason that the administrator gave. */
export async function refuseSuspended(
  { store, audit }: { store: Pick<SessionStore, 'suspension'>; audit: Audit },
  { address }: RequestInfo,
  userId: UserId,
): Promise<void> {
  const suspension = await store.suspension(userId)
  if (!suspension) return
  const entry = { actor: userId, action: 'login_refused', target: userId, address } as const
  await audit.record({ ...entry, detail: { reason: 'account_suspended' } })
  const why = suspension.reason ? ` Reason: ${suspension.reason}` : ''
  throw new AppError('account_suspended', `Your account is suspended, and your files are kept.${why}`)
}
