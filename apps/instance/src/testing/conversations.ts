/** A homeserver as conversations see it, in memory: what two rooms of them tell each other, each once by its transaction. */
import type { MatrixAccess, MatrixAccountKind } from '@matrixos/shared'
import { type ClientOptions, ClientProblem, type MatrixClient } from '../conversations/client/gateway.ts'
import type { Act, EventSeen } from '../conversations/client/host-protocol.ts'
import { type ConversationsRoom, openConversationsRoom } from '../conversations/room.ts'
import { createAtomicWriter } from '../files/atomic.ts'

interface Room {
  id: string
  members: Map<string, 'invite' | 'join' | 'leave'>
  events: EventSeen[]
}
interface Joined {
  userId: string
  as: MatrixAccountKind
  options: ClientOptions
}

export function createFakeHomeserver() {
  const rooms = new Map<string, Room>()
  const online = new Map<string, Joined>()
  /** Thrown by the next so many acts, before or after they are done. */
  const faults = { before: 0, after: 0, isAway: false }
  let count = 0

  const show = (room: Room) => {
    for (const { userId, as, options } of online.values()) {
      const mine = room.members.get(userId)
      const others = [...room.members].flatMap(([other, membership]) =>
        other === userId ? [] : [{ userId: other, membership }],
      )
      if (mine) options.onRoom(as, { roomId: room.id, mine, isEncrypted: true, others })
    }
  }
  const tell = (room: Room, event: EventSeen) => {
    for (const { userId, as, options } of online.values())
      if (room.members.get(userId) === 'join')
        options.onEvent(as, { ...event, transaction: event.sender === userId ? event.transaction : null })
  }
  const roomOf = (id: string): Room => {
    const room = rooms.get(id)
    if (!room) throw new ClientProblem('There is no such room.', false)
    return room
  }
  function act(userId: string, asked: Act): string | null {
    if (asked.act === 'create') {
      const room: Room = { id: `!${++count}`, members: new Map([[userId, 'join']]), events: [] }
      room.members.set(asked.userId, 'invite')
      rooms.set(room.id, room)
      show(room)
      return room.id
    }
    const room = roomOf(asked.roomId)
    if (asked.act === 'send') {
      const known = room.events.find(
        ({ sender, transaction }) => sender === userId && transaction === asked.transaction,
      )
      if (known) return known.id
      const { transaction, content } = asked
      const event = {
        id: `$${++count}`,
        roomId: room.id,
        sender: userId,
        at: Date.now(),
        transaction,
        content,
      }
      room.events.push(event)
      tell(room, event)
      return event.id
    }
    room.members.set(userId, asked.act === 'join' ? 'join' : 'leave')
    show(room)
    if (asked.act === 'join') for (const event of room.events) tell(room, event)
    return room.id
  }

  return {
    rooms,
    faults,
    /** In the name of whoever it is. */
    say(roomId: string, sender: string, content: Record<string, unknown>, at = Date.now()): void {
      const room = roomOf(roomId)
      const event = { id: `$${++count}`, roomId, sender, at, transaction: null, content }
      room.events.push(event)
      tell(room, event)
    },
    invite(by: string, userId: string): string {
      const room: Room = {
        ...{ id: `!${++count}`, events: [] },
        members: new Map([
          [by, 'join'],
          [userId, 'invite'],
        ]),
      }
      rooms.set(room.id, room)
      show(room)
      return room.id
    },
    letIn(roomId: string, userId: string): void {
      const room = roomOf(roomId)
      room.members.set(userId, 'join')
      show(room)
    },
    clientFor:
      (handle: string) =>
      (options: ClientOptions): MatrixClient => {
        const nameOf = (as: MatrixAccountKind) => `@${handle}${as === 'ai' ? '_ai' : ''}:test`
        const open = async (as: MatrixAccountKind) => {
          const userId = nameOf(as)
          if (online.has(userId)) return
          await options.credentials()
          online.set(userId, { userId, as, options })
          for (const room of rooms.values()) {
            if (!room.members.has(userId)) continue
            show(room)
            for (const event of room.events) tell(room, event)
          }
        }
        return {
          open,
          async perform(as, asked) {
            await open(as)
            if (faults.isAway) throw new ClientProblem('Away.')
            if (faults.before > 0 && faults.before--) throw new ClientProblem('Away.')
            const id = act(nameOf(as), asked)
            if (faults.after > 0 && faults.after--) throw new ClientProblem('Cut off.')
            return id
          },
          stop() {
            for (const as of ['person', 'ai'] as const) online.delete(nameOf(as))
          },
        }
      },
  }
}
export type FakeHomeserver = ReturnType<typeof createFakeHomeserver>

export interface FakeComputerOptions {
  homeserver: FakeHomeserver
  handle: string
  root: string
  /** Whom its owner follows. */
  follows?: string[]
  blocks?: string[]
  /** Before that, the platform tells nothing of anybody. */
  told?: Promise<void>
  answer?: (words: string) => string | Promise<string>
  mostUnread?: number
  /** How long an answer about a person counts. */
  knownForMs?: number
  answerRetryMs?: number
}

/** A computer's conversations, on a fake homeserver, with an AI that answers at once. */
export async function openFakeComputer(options: FakeComputerOptions): Promise<{
  room: ConversationsRoom
  asked: string[]
  reports: boolean[]
}> {
  const { homeserver, handle, root, follows = [], blocks = [], answer = (words) => `Re: ${words}` } = options
  const asked: string[] = []
  const reports: boolean[] = []
  const account = (userId: string) => ({ userId, accessToken: 't', deviceId: 'D', renewAt: null })
  const access: MatrixAccess = {
    ...{ state: 'ready', homeserverUrl: 'http://homeserver.test', serverName: 'test' },
    ...{ person: account(`@${handle}:test`), ai: account(`@${handle}_ai:test`) },
  }
  const room = await openConversationsRoom({
    settings: { handle, displayName: handle, ai: null, platform: null, externalOrigin: null },
    ...{ root, write: createAtomicWriter(), now: () => new Date(), log: () => undefined, lingerMs: 0 },
    createClient: homeserver.clientFor(handle),
    ...(options.mostUnread !== undefined && { mostUnread: options.mostUnread }),
    ...(options.knownForMs !== undefined && { knownForMs: options.knownForMs }),
    ...(options.answerRetryMs !== undefined && { answerRetryMs: options.answerRetryMs }),
    platform: {
      matrix: async () => access,
      newDevice: async () => access,
      async person(name) {
        await options.told
        if (blocks.includes(name) || name === 'nobody') return null
        const accounts = { person: `@${name}:test`, ai: `@${name}_ai:test` }
        return { handle: name, ...accounts, isFollowed: follows.includes(name) }
      },
      report: async (isBusy) => void reports.push(isBusy),
    },
    async askAi(_peer, history) {
      const words = history.at(-1)?.words ?? ''
      asked.push(words)
      return { words: await answer(words), costMicroUsd: 100 }
    },
  })
  return { room, asked, reports }
}
