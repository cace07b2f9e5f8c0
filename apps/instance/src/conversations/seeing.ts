/** Takes in what is seen at the homeserver: rooms, who is in them, and what is said there, each once. */
import type { MatrixAccountKind } from '@matrixos/shared'
import * as z from 'zod/mini'
import { describeError, type Log } from '../log.ts'
import type { IsApart } from './apart.ts'
import type { MatrixClient } from './client/gateway.ts'
import type { EventSeen, RoomSeen } from './client/host-protocol.ts'
import type { Conversations } from './conversations.ts'
import { type Admits, createCrowd } from './crowd.ts'
import { createEarly } from './early.ts'
import { edited, editOf } from './edits.ts'
import { type Kept, type Messages, messageWords } from './messages.ts'
import { ANSWERS_KEY, KIND_KEY } from './outbox.ts'
import { messageIdOf, peerOf } from './peer.ts'
import type { Peer } from './protocol.ts'
import type { Conversation } from './state.ts'

export interface SeeingOptions {
  client: () => Pick<MatrixClient, 'perform'>
  conversations: Conversations
  messages: Messages
  /** Whether somebody may come in without the owner being asked; `null`: never. */
  admits: Admits
  /** Whether somebody who was let in once is not to be heard any more. */
  isApart: IsApart
  /** This computer's own name; `''`: not known yet. */
  own: (as: MatrixAccountKind) => string
  /** Of one conversation: what comes then is not kept, or anybody could fill this home. */
  mostUnread: number
  /** Whether the owner has stopped talking there, and the homeserver does not know of it yet. */
  isLeaving: (as: MatrixAccountKind, roomId: string) => boolean
  /** There may be something to answer or to send now. */
  onChange: (id: string) => void
  log: Log
}

/** The year 9999. Another homeserver says whatever it likes, and what is no time would break every list that shows it. */
const LATEST_MS = 253_402_300_799_999

const content = z.object({
  body: z.string(),
  [KIND_KEY]: z._default(z.enum(['chat', 'question', 'answer']), 'chat'),
  [ANSWERS_KEY]: z._default(z.nullable(z.string()), null),
})

export function createSeeing(options: SeeingOptions) {
  const { client, conversations, messages, admits, isApart, own, mostUnread, isLeaving, onChange, log } =
    options
  const { inTurn, settled } = createTurns(log)
  const early = createEarly()
  const isTooMany = createCrowd({ conversations, admits })
  /** Invitations are told again and again while they are being taken up. */
  const joining = new Set<string>()

  const leave = (as: MatrixAccountKind, roomId: string) => client().perform(as, { act: 'leave', roomId })

  /** The two do not see each other any more. Once they do, they may ask to come in again. */
  async function part({ id, as, rooms }: Conversation): Promise<void> {
    await conversations.stop(id, 'other')
    for (const roomId of rooms) await leave(as, roomId)
  }

  async function invited(as: MatrixAccountKind, room: RoomSeen, peer: Peer): Promise<void> {
    if (await isTooMany(as, room.roomId, peer)) return void (await leave(as, room.roomId))
    const one = await conversations.ensure(as, peer, { state: 'invited' })
    if (joining.has(room.roomId)) return
    if (one.state === 'invited' && one.rooms.includes(room.roomId)) return
    const join = async () => {
      joining.add(room.roomId)
      await client()
        .perform(as, { act: 'join', roomId: room.roomId })
        .finally(() => joining.delete(room.roomId))
    }
    if (one.state === 'open' || one.state === 'asked') {
      if (await isApart(peer)) return part({ ...one, rooms: withRoom(one.rooms, room.roomId) })
      await conversations.change(one.id, (now) => ({ ...now, rooms: withRoom(now.rooms, room.roomId) }))
      return join()
    }
    const isRefused = one.state === 'stopped' && one.stopped !== 'other'
    const isAdmitted = isRefused ? null : await admits(as, peer)
    if (isAdmitted === null) {
      await leave(as, room.roomId)
      if (!isRefused) await conversations.stop(one.id, 'owner')
      return
    }
    // The owner may have accepted or declined while it was being found out.
    const kept = await conversations.change(one.id, (now) => ({
      ...{ ...now, rooms: withRoom(now.rooms, room.roomId) },
      ...(now.stopped !== 'owner' && {
        state: isAdmitted || now.state === 'open' ? 'open' : 'invited',
        stopped: null,
      }),
    }))
    if (kept?.state === 'open') await join()
    if (kept?.state === 'stopped') await leave(as, room.roomId)
  }

  async function takeRoom(as: MatrixAccountKind, room: RoomSeen, serverName: string): Promise<void> {
    const present = room.others.filter(({ membership }) => membership !== 'leave')
    const known = conversations.ofRoom(as, room.roomId)
    if (isLeaving(as, room.roomId)) return early.ignore(as, room.roomId)
    // Right after it was made, not even the invited one is told of.
    const isLeft = room.others.length > 0 && present.length === 0
    if (room.mine === 'leave' || (known && isLeft)) {
      if (!known) return early.ignore(as, room.roomId)
      const rooms = known.rooms.filter((id) => id !== room.roomId)
      await conversations.change(known.id, (one) => ({ ...one, rooms }))
      if (rooms.length === 0) await conversations.stop(known.id, room.mine === 'leave' ? 'owner' : 'other')
      return
    }
    const [other, ...more] = present
    // Somebody let a third one in: what is said there would not be between two any more.
    if (known && more.length > 0) {
      await leave(as, room.roomId)
      return
    }
    // Rooms of several, and those in the clear, are for other clients.
    if (more.length > 0) return early.ignore(as, room.roomId)
    if (!other || !room.isEncrypted) return
    const peer = peerOf(other.userId, serverName)
    if (room.mine === 'invite') return invited(as, room, peer)
    const one = await conversations.ensure(as, peer, {
      state: other.membership === 'join' ? 'open' : 'asked',
    })
    await conversations.change(one.id, (now) => {
      const isIn = now.rooms.includes(room.roomId)
      const isOpen = now.state === 'asked' && other.membership === 'join'
      if (isIn && !isOpen) return now
      return {
        ...now,
        ...(isOpen && { state: 'open' }),
        rooms: isIn ? now.rooms : [...now.rooms, room.roomId],
      }
    })
    for (const event of early.take(as, room.roomId)) await takeEvent(as, event)
    onChange(one.id)
  }

  async function takeEvent(as: MatrixAccountKind, seen: EventSeen): Promise<void> {
    const event = { ...seen, at: Math.min(Math.max(0, seen.at), LATEST_MS) }
    const one = conversations.ofRoom(as, event.roomId)
    if (!one) return early.keep(as, event)
    const said = await messages.of(one.id)
    const isMine = event.sender === own(as)
    if (!isMine && event.sender !== one.with.userId) return
    const known =
      said.ofEvent(event.id) ?? (isMine && event.transaction ? said.get(event.transaction) : undefined)
    if (known && isMine) {
      if (known.state !== 'sent')
        await conversations.put(one.id, { ...known, eventId: event.id, roomId: event.roomId, state: 'sent' })
      return
    }
    if (!known && !isMine && one.unread >= mostUnread) return
    if (!isMine && one.state !== 'stopped' && (await isApart(one.with))) return part(one)
    const edit = editOf(event.content)
    const { at, roomId } = event
    const message = edit
      ? edited(said.ofEvent(edit.of), { ...edit, isMine, roomId, at })
      : received(event, { known, isMine })
    if (!message) return
    await conversations.put(one.id, message)
    onChange(one.id)
  }

  return {
    room: (as: MatrixAccountKind, room: RoomSeen, serverName: string) =>
      inTurn(() => takeRoom(as, room, serverName)),
    event: (as: MatrixAccountKind, event: EventSeen) => inTurn(() => takeEvent(as, event)),
    settled,
  }
}

/** `null`: it is known already, and there is no more to it. */
function received(
  event: EventSeen,
  { known, isMine }: { known: Kept | undefined; isMine: boolean },
): Kept | null {
  const read = content.safeParse(event.content).data
  // It can be read now, or it was read before.
  if (known && (known.words !== null || !read)) return null
  return {
    ...{
      id: known?.id ?? messageIdOf(event.id),
      isMine,
      at: event.at,
      eventId: event.id,
      roomId: event.roomId,
    },
    ...{ kind: read?.[KIND_KEY] ?? 'chat', answers: read?.[ANSWERS_KEY] ?? null, cost: 0 },
    words: read ? messageWords(read.body) : null,
    state: isMine ? 'sent' : 'received',
  }
}

const withRoom = (rooms: readonly string[], roomId: string): string[] =>
  rooms.includes(roomId) ? [...rooms] : [...rooms, roomId]

/** One after the other, as it was seen. */
function createTurns(log: Log) {
  let last: Promise<unknown> = Promise.resolve()
  return {
    inTurn(work: () => Promise<void>): void {
      last = last
        .then(work)
        .catch((error: unknown) => log('something seen was not taken in', describeError(error)))
    },
    settled: () => last,
  }
}
