/** What others read of a person, changed by that person. */
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { AccountStore } from '../accounts/store.ts'

export interface ProfileOptions {
  store: Pick<AccountStore, 'renameUser'>
  audit: Audit
}

export type Profile = ReturnType<typeof createProfile>

export const createProfile = ({ store, audit }: ProfileOptions) => ({
  /** `displayName` as its schema leaves it. */
  async rename(request: RequestInfo, { userId }: SessionPrincipal, displayName: string): Promise<void> {
    if (!(await store.renameUser(userId, displayName))) return
    const entry = { actor: userId, action: 'profile_changed', target: userId } as const
    await audit.record({ ...entry, address: request.address, detail: { displayName } })
  },
})
