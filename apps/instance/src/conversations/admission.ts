/** Who may come in without the owner being asked: by the owner's setting, and by what the platform says of the two. */
import type { MatrixAccountKind } from '@matrixos/shared'
import type { ConversationsPlatform } from './platform.ts'
import type { ConversationSettings, Peer } from './protocol.ts'

export interface AdmissionOptions {
  platform: Pick<ConversationsPlatform, 'person'>
  settings: () => ConversationSettings
}

/**
 * `false`: the owner is asked. `null`: never, as of somebody who is blocked, or who is not whom their name says. Rejects
 * while the platform cannot be asked.
 */
export const createAdmission =
  ({ platform, settings }: AdmissionOptions) =>
  async (as: MatrixAccountKind, { userId, handle, isAi }: Peer): Promise<boolean | null> => {
    const { admission } = settings()
    if (admission === 'nobody') return as === 'ai' ? null : false
    // Of another homeserver nobody knows anything.
    if (handle === null) return false
    const person = await platform.person(handle)
    if (!person || (isAi ? person.ai : person.person) !== userId) return null
    return admission === 'everyone' || person.isFollowed
  }
