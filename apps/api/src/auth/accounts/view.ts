/** What a person sees of their account. */
import type { UserId, UserView } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import type { AccountStore } from './store.ts'

export type UserViews = ReturnType<typeof createUserViews>

export const createUserViews = ({ store }: { store: AccountStore }) => ({
  /** Throws `unauthorized` for an account that was deleted: its sessions end a moment later. */
  async of(id: UserId): Promise<UserView> {
    const found = await store.user(id)
    if (!found) throw new AppError('unauthorized', 'This account no longer exists.')
    const { user, hasPasskey, hasTotp } = found
    const signInMethods: UserView['signInMethods'] = []
    if (hasPasskey) signInMethods.push('passkey')
    if (hasTotp) signInMethods.push('totp')
    return {
      handle: user.handle,
      displayName: user.displayName,
      role: user.role,
      createdAt: user.createdAt.toISOString(),
      signInMethods,
    }
  },
})
