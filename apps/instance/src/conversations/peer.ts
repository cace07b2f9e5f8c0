/** Who somebody is, by their name at the homeserver. */
import { createHash } from 'node:crypto'
import { AI_SUFFIX, type MatrixAccountKind } from '@matrixos/shared'
import type { Peer } from './protocol.ts'

/** `alice`, `alice_ai`, and `alice.2` of whoever has a handle that somebody had before. */
const OWN_NAME = /^([a-z0-9-]+)(?:\.\d+)?(_ai)?$/

export function peerOf(userId: string, serverName: string): Peer {
  const elsewhere: Peer = { userId, handle: null, isAi: false }
  const suffix = `:${serverName}`
  if (!userId.startsWith('@') || !userId.endsWith(suffix)) return elsewhere
  const found = OWN_NAME.exec(userId.slice(1, -suffix.length))
  const handle = found?.[1]
  return handle === undefined ? elsewhere : { userId, handle, isAi: found?.[2] === AI_SUFFIX }
}

/** The same two always have the same one. */
export const conversationIdOf = (as: MatrixAccountKind, userId: string): string =>
  createHash('sha256').update(`${as} ${userId}`).digest('hex').slice(0, 20)

/** Of a message that came from the homeserver, and of the answer to it: made twice, they are the same. */
export const messageIdOf = (eventId: string): string =>
  `e${createHash('sha256').update(eventId).digest('hex').slice(0, 24)}`
export const answerIdOf = (eventId: string): string =>
  `a${createHash('sha256').update(eventId).digest('hex').slice(0, 24)}`
