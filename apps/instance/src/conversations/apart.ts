/** Whether somebody who was let in once is still to be heard: not when one of the two has blocked the other, or is gone. */
import { describeError, type Log } from '../log.ts'
import type { ConversationsPlatform } from './platform.ts'
import type { Peer } from './protocol.ts'

export interface ApartOptions {
  platform: Pick<ConversationsPlatform, 'person'>
  now: () => Date
  log: Log
  knownForMs?: number | undefined
}

/** Many messages in a row are one question to the platform. */
const KNOWN_FOR_MS = 20_000

export type IsApart = (peer: Peer) => Promise<boolean>

/** Never rejects: while the platform cannot be asked, whoever was let in stays. */
export function createApart({ platform, now, log, knownForMs = KNOWN_FOR_MS }: ApartOptions): IsApart {
  const known = new Map<string, { isApart: boolean; until: number }>()

  async function find({ userId, handle, isAi }: Peer): Promise<boolean> {
    // Of another homeserver nobody knows anything.
    if (handle === null) return false
    const person = await platform.person(handle)
    return !person || (isAi ? person.ai : person.person) !== userId
  }

  return async (peer) => {
    const at = now().getTime()
    for (const [userId, { until }] of known) if (until <= at) known.delete(userId)
    const before = known.get(peer.userId)
    if (before) return before.isApart
    const isApart = await find(peer).catch((error: unknown) => {
      log('it is not known whether somebody is blocked', describeError(error))
      return false
    })
    known.set(peer.userId, { isApart, until: at + knownForMs })
    return isApart
  }
}
