/** How many may wait for the owner's word, or come in by how many doors: more would only fill the list, and this home. */
import type { MatrixAccountKind } from '@matrixos/shared'
import type { Conversations } from './conversations.ts'
import { conversationIdOf } from './peer.ts'
import type { Peer } from './protocol.ts'

export type Admits = (as: MatrixAccountKind, peer: Peer) => Promise<boolean | null>

export interface CrowdOptions {
  conversations: Pick<Conversations, 'all' | 'get'>
  admits: Admits
}

/** Of one conversation: both sides may make one at the same time, and one may be lost. */
const MOST_ROOMS = 10
/** Conversations with strangers. */
const MOST_WAITING = 100

/** Whether an invitation is one too many. Rejects while that cannot be found out. */
export const createCrowd =
  ({ conversations, admits }: CrowdOptions) =>
  async (as: MatrixAccountKind, roomId: string, peer: Peer): Promise<boolean> => {
    const one = conversations.get(conversationIdOf(as, peer.userId))
    if (one) return one.rooms.length >= MOST_ROOMS && !one.rooms.includes(roomId)
    const waiting = conversations.all().filter(({ state }) => state === 'invited').length
    return waiting >= MOST_WAITING && (await admits(as, peer)) !== true
  }
