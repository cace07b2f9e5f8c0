/** One account at the homeserver: what it is told there, and what is done in its name. Nothing leaves it in the clear. */
import {
  ClientEvent,
  createClient,
  EventType,
  HttpApiEvent,
  type MatrixClient,
  MatrixEvent,
  MatrixEventEvent,
  Method,
  Preset,
  RelationType,
  type Room,
  RoomEvent,
  RoomStateEvent,
  SyncState,
} from 'matrix-js-sdk'
import type { Act, FromHost, OpenAccount, RoomSeen } from './host-protocol.ts'
import { QUIET } from './quiet.ts'

type Told = Extract<FromHost, { type: 'room' | 'event' | 'synced' | 'trouble' }>

export interface Account {
  /** Resolves to the id of what came of it. Rejects with an ActProblem. */
  perform(act: Act): Promise<string | null>
  stop(): void
}

/** `isAgain`: worth trying again by itself. */
export class ActProblem extends Error {
  readonly isAgain: boolean
  constructor(message: string, isAgain: boolean) {
    super(message)
    this.isAgain = isAgain
  }
}

const ENCRYPTION = { type: EventType.RoomEncryption, content: { algorithm: 'm.megolm.v1.aes-sha2' } }
/** Of each room, at the start; what is missing between these and what is known is asked for. */
const FIRST_EVENTS = 30
const PAGE = 100
const MOST_PAGES = 20
const KNOWN_WITHIN_MS = 20_000

export async function openAccountAt(account: OpenAccount, tell: (told: Told) => void): Promise<Account> {
  const { as, homeserverUrl: baseUrl, userId, deviceId, accessToken, storageKey, known } = account
  const client = createClient({ baseUrl, userId, deviceId, accessToken, disableVoip: true, logger: QUIET })
  await client.initRustCrypto({
    cryptoDatabasePrefix: `${as}-${deviceId}`,
    storageKey: Uint8Array.from(Buffer.from(storageKey, 'base64')),
  })
  const reader = createReader(client, account, tell)
  client.on(HttpApiEvent.SessionLoggedOut, () => tell({ type: 'trouble', as, why: 'unauthorized' }))
  client.on(ClientEvent.Sync, (state) => {
    if (state === SyncState.Error || state === SyncState.Reconnecting)
      return tell({ type: 'trouble', as, why: 'unreachable' })
    if (state !== SyncState.Prepared && state !== SyncState.Syncing) return
    void reader.caughtUp(state === SyncState.Prepared).then(() => tell({ type: 'synced', as }))
  })
  await client.startClient({ initialSyncLimit: FIRST_EVENTS, disablePresence: true })
  return {
    perform: (act) => perform(client, act).catch((error: unknown) => fail(error)),
    stop: () => client.stopClient(),
  }

  function fail(error: unknown): never {
    if (error instanceof ActProblem) throw error
    const status = Object(error).httpStatus
    // What the homeserver refuses once it refuses again; all else may go well later.
    const isFinal =
      typeof status === 'number' && status >= 400 && status < 500 && status !== 429 && status !== 401
    throw new ActProblem(error instanceof Error ? error.message : String(error), !isFinal)
  }

  function createReader(it: MatrixClient, { userId: own }: OpenAccount, say: typeof tell) {
    const open = new Set<Promise<unknown>>()
    const track = (work: Promise<unknown>) => {
      const ended = work.catch(() => undefined).finally(() => open.delete(ended))
      open.add(ended)
    }
    async function read(event: MatrixEvent): Promise<void> {
      const [id, roomId, sender] = [event.getId(), event.getRoomId(), event.getSender()]
      if (!id || !roomId || !sender || event.isState()) return
      const isEncrypted = event.getWireType() === EventType.RoomMessageEncrypted
      if (!isEncrypted) return
      await it.decryptEventIfNeeded(event)
      const isRead = !event.isDecryptionFailure() && event.getType() === EventType.RoomMessage
      const isHidden = !event.isDecryptionFailure() && !isRead
      if (isHidden) return
      const transaction = event.getUnsigned().transaction_id ?? null
      // Whoever wrote it may have put anything in its place.
      const written = isRead && isRecord(event.getContent()) ? event.getContent() : null
      // What it relates to is outside of what is encrypted. What cannot be read and changes a message is none of its own.
      const relation = event.getRelation()
      if (!isRead && relation?.rel_type === RelationType.Replace) return
      const content = written && relation ? { ...written, 'm.relates_to': relation } : written
      say({ type: 'event', as, event: { id, roomId, sender, at: event.getTs(), transaction, content } })
    }
    const show = (room: Room) => {
      const seen = seenOf(room, own)
      if (seen) say({ type: 'room', as, room: seen })
    }
    it.on(RoomEvent.Timeline, (event, _room, isOlder) => {
      if (!isOlder) track(read(event))
    })
    it.on(MatrixEventEvent.Decrypted, (event) => track(read(event)))
    it.on(ClientEvent.Room, show)
    it.on(RoomEvent.MyMembership, show)
    it.on(RoomStateEvent.Members, (_event, state) => {
      const room = it.getRoom(state.roomId)
      if (room) show(room)
    })

    /** Back to what is known, where more was said than a sync tells. */
    async function fillGap(room: Room): Promise<void> {
      const last = known[room.roomId]
      const events = () => room.getLiveTimeline().getEvents()
      if (last === undefined) return
      for (let page = 0; page < MOST_PAGES; page++) {
        if (events().some((event) => event.getId() === last)) break
        const before = events().length
        await it.scrollback(room, PAGE)
        if (events().length === before) break
      }
      for (const event of events()) await read(event)
    }

    return {
      async caughtUp(isFirst: boolean): Promise<void> {
        if (isFirst) {
          for (const room of it.getRooms()) show(room)
          for (const room of it.getRooms()) track(fillGap(room))
        }
        while (open.size > 0) await Promise.all(open)
      },
    }
  }
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function seenOf(room: Room, own: string): RoomSeen | null {
  const mine = membershipOf(room.getMyMembership())
  if (!mine) return null
  const others = room.currentState.getMembers().flatMap((member) => {
    const membership = membershipOf(member.membership)
    return membership && member.userId !== own ? [{ userId: member.userId, membership }] : []
  })
  const isEncrypted = room.hasEncryptionStateEvent()
  return { roomId: room.roomId, mine, isEncrypted, others }
}

function membershipOf(membership: string | undefined): 'invite' | 'join' | 'leave' | null {
  if (membership === 'invite' || membership === 'join') return membership
  return membership === 'leave' || membership === 'ban' ? 'leave' : null
}

async function perform(client: MatrixClient, act: Act): Promise<string | null> {
  if (act.act === 'join') return (await client.joinRoom(act.roomId)).roomId
  if (act.act === 'leave') {
    await client.leave(act.roomId)
    return null
  }
  if (act.act === 'create') {
    const made = await client.createRoom({
      ...{ invite: [act.userId], is_direct: true, preset: Preset.TrustedPrivateChat },
      initial_state: [{ ...ENCRYPTION, state_key: '' }],
    })
    return made.room_id
  }
  return send(client, act)
}

/** Not by `sendEvent`: what it does not know to be encrypted, it sends in the clear. Here nothing but a ciphertext can leave. */
async function send(client: MatrixClient, act: Extract<Act, { act: 'send' }>): Promise<string> {
  const { roomId, userId, transaction, content } = act
  const crypto = client.getCrypto()
  if (!crypto) throw new ActProblem('There is no encryption.', true)
  const room = await encryptedRoom(client, roomId)
  const inRoom = [...room.getMembersWithMembership('join'), ...room.getMembersWithMembership('invite')]
  if (inRoom.some((member) => member.userId !== userId && member.userId !== client.getUserId()))
    throw new ActProblem('Somebody else is in this room.', false)
  // To nobody's device, it could never be read.
  const devices = (await crypto.getUserDeviceInfo([userId], true)).get(userId)
  if (!devices || devices.size === 0) throw new ActProblem('They have no device yet.', true)
  const event = new MatrixEvent({ type: EventType.RoomMessage, room_id: roomId, content })
  await encryptorOf(crypto).encryptEvent(event, room)
  if (event.getWireType() !== EventType.RoomMessageEncrypted)
    throw new ActProblem('It was not encrypted.', true)
  const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.encrypted/${encodeURIComponent(transaction)}`
  const sent = await client.http.authedRequest<{ event_id: string }>(
    Method.Put,
    path,
    undefined,
    event.getWireContent(),
  )
  return sent.event_id
}

interface Encryptor {
  encryptEvent(event: MatrixEvent, room: Room): Promise<void>
}
/** A part of the library that its types do not show. */
function encryptorOf(crypto: object): Encryptor {
  if (!('encryptEvent' in crypto)) throw new Error('This version of the Matrix client cannot encrypt.')
  return crypto as Encryptor
}

/** Right after a start, or after it was made, a room may not be known yet. */
async function encryptedRoom(client: MatrixClient, roomId: string): Promise<Room> {
  const known = () => {
    const room = client.getRoom(roomId)
    return room?.hasEncryptionStateEvent() ? room : null
  }
  const present = known()
  if (present) return present
  return new Promise((resolve, reject) => {
    const over = (room: Room | null) => {
      clearTimeout(timer)
      client.off(ClientEvent.Sync, look)
      if (room) resolve(room)
      else reject(new ActProblem('The room is not known to be encrypted.', true))
    }
    const timer = setTimeout(over, KNOWN_WITHIN_MS, null)
    const look = () => {
      const room = known()
      if (room) over(room)
    }
    client.on(ClientEvent.Sync, look)
  })
}
