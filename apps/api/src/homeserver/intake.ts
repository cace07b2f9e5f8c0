/**
 * Takes in what the homeserver hands over, in its order and each event once: who is in which room, whom to tell, and
 * whether anything was sent in the clear that must not be. What is said in a room, the platform neither needs nor keeps.
 */
import type { Id, InstanceId } from '@matrixos/shared'
import { z } from 'zod'
import type { DbOrTx } from '../db/database.ts'
import { isStorable } from '../http/storable.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import { createCompany, type Two } from './company.ts'
import type { EventStore, Member } from './events-store.ts'
import { apartFrom, hasWritten, wrote } from './pairs-store.ts'

const eventSchema = z.object({
  event_id: z.string().min(1).max(255),
  room_id: z.string().min(1).max(255),
  sender: z.string().min(1).max(255),
  type: z.string(),
  state_key: z.string().optional(),
  content: z.unknown().optional(),
})
type MatrixEvent = z.infer<typeof eventSchema>

const membershipSchema = z.object({ membership: z.string() })

export interface IntakeOptions {
  store: Omit<EventStore, 'alarmsSince' | 'deleteOld'>
  homeserver: Pick<Homeserver, 'serverName' | 'isEncrypted' | 'joined'>
  /** Somebody is to be told of something. */
  onCall: () => void
  news: MeetingNews
  log: Log
}

/** What becomes of it when the AIs of two instances have written to each other for the first time. */
export interface MeetingNews {
  /** In the transaction that takes it in; resolves to what the feed says of it. */
  met: (tx: DbOrTx, pair: readonly [InstanceId, InstanceId]) => Promise<readonly Id<'itm'>[]>
  /** Once the database knows. */
  announce: (id: Id<'itm'>) => void
}

/** Of one room. */
const MOST_ASKED = 5
const MESSAGE = 'm.room.message'
const ENCRYPTED = 'm.room.encrypted'

/** Whether somebody is to be told, and what the feed says of it. */
interface Taken {
  isCall: boolean
  items: readonly Id<'itm'>[]
}
type IsAlone = (two: Two) => boolean
interface Said {
  roomId: string
  sender: Member | undefined
  members: readonly Member[]
  isAlone: IsAlone
}
const NOTHING: Taken = { isCall: false, items: [] }

const isMessage = ({ type }: MatrixEvent): boolean => type === MESSAGE || type === ENCRYPTED

export type Intake = (events: readonly unknown[]) => Promise<void>

export function createIntake({ store, homeserver, onCall, news, log }: IntakeOptions): Intake {
  const suffix = `:${homeserver.serverName}`
  /** The name before the colon of one of the platform's own; `null`: from elsewhere. */
  const localpartOf = (userId: string): string | null =>
    userId.startsWith('@') && userId.endsWith(suffix) ? userId.slice(1, -suffix.length) : null

  /** What it will never say must not hold up all that it hands over after it. */
  const unlessRefused = (roomId: string) => (error: unknown) => {
    if (!(error instanceof HomeserverError) || error.kind !== 'refused') throw error
    log.warn({ err: error, room: roomId }, 'what a room is, the homeserver does not say')
    return null
  }
  const company = createCompany({ homeserver, unlessRefused })

  /** Of rooms that began elsewhere, or before the platform was told of them. Before the transaction: it asks the homeserver. */
  async function learnEncryption(events: readonly MatrixEvent[]): Promise<void> {
    const rooms = new Map(
      events.filter(({ type }) => type === MESSAGE).map((event) => [event.room_id, event]),
    )
    for (const [roomId, { sender }] of rooms) {
      if ((await store.isEncrypted(roomId)) !== null) continue
      const members = (await store.members(roomId)).map(({ localpart }) => localpart)
      const insiders = [...new Set([localpartOf(sender), ...members])].filter((each) => each !== null)
      const isEncrypted = await seenBy(insiders.slice(0, MOST_ASKED), roomId)
      if (isEncrypted !== null) await store.transaction((tx) => store.setRoom(tx, roomId, isEncrypted))
    }
  }

  /** As the first of them sees it who is in that room: some may have left, or have been invited only. */
  async function seenBy(insiders: readonly string[], roomId: string): Promise<boolean | null> {
    for (const localpart of insiders) {
      const isEncrypted = await homeserver.isEncrypted(roomId, localpart).catch(unlessRefused(roomId))
      if (isEncrypted !== null) return isEncrypted
    }
    return null
  }

  /** Whoever is blocked wakes nobody: it is declined, or not heard, once the computer is up for something else. */
  async function call(tx: DbOrTx, { sender }: MatrixEvent, members: readonly Member[]): Promise<boolean> {
    const localpart = localpartOf(sender)
    const ids = members.map(({ instanceId }) => instanceId)
    const apart = localpart === null ? new Set() : await apartFrom(tx, localpart, ids)
    const told = members.filter(({ instanceId }) => !apart.has(instanceId))
    for (const member of told) await store.call(tx, member)
    return told.length > 0
  }

  async function takeMembership(tx: DbOrTx, event: MatrixEvent): Promise<boolean> {
    company.forget(event.room_id)
    const localpart = localpartOf(event.state_key ?? '')
    if (localpart === null) return false
    const membership = membershipSchema.safeParse(event.content).data?.membership ?? 'leave'
    await store.setMember(tx, event.room_id, localpart, membership === 'join' || membership === 'invite')
    if (membership !== 'invite') return false
    const invited = (await store.members(event.room_id, tx)).filter(
      (member) => member.localpart === localpart,
    )
    return call(tx, event, invited)
  }

  async function checkPlaintext(tx: DbOrTx, { event_id, room_id, sender }: MatrixEvent): Promise<void> {
    const mustNotBe = (await store.isEncrypted(room_id, tx)) === true || (await store.hasAi(tx, room_id))
    if (!mustNotBe) return
    const before = await store.raiseAlarm(tx, { eventId: event_id, roomId: room_id, sender })
    // The rest would only bury what else is wrong.
    if (before > 0) return
    log.error(
      { event: event_id, room: room_id, sender },
      'a message was sent in the clear in a room that is to be encrypted',
    )
  }

  /** Two AIs of two instances, by themselves in a room, also without others' people. That it was encrypted is what makes it theirs. */
  async function takeMeeting(tx: DbOrTx, { roomId, sender, members, isAlone }: Said) {
    const [other, ...more] = members.filter(({ localpart }) => localpart !== sender?.localpart)
    if (!sender?.isAi || !other?.isAi || more.length > 0 || sender.instanceId === other.instanceId) return []
    const pair = [sender.instanceId, other.instanceId] as const
    const written = { by: pair[0], to: pair[1] }
    if (await hasWritten(tx, written)) return []
    if (!isAlone({ roomId, localparts: [sender.localpart, other.localpart] })) return []
    return (await wrote(tx, written)) ? news.met(tx, pair) : []
  }

  /** Everybody but whoever wrote it. A computer whose AI wrote needs not be told for its person as well. */
  async function takeMessage(tx: DbOrTx, event: MatrixEvent, isAlone: IsAlone): Promise<Taken> {
    const sender = localpartOf(event.sender)
    const members = await store.members(event.room_id, tx)
    const own = members.find(({ localpart }) => localpart === sender)
    const isTold = ({ localpart, instanceId, isAi }: Member) =>
      localpart !== sender && (isAi || instanceId !== own?.instanceId)
    const isCall = await call(tx, event, members.filter(isTold))
    const said = { roomId: event.room_id, sender: own, members, isAlone }
    const items = event.type === ENCRYPTED ? await takeMeeting(tx, said) : []
    return { isCall, items }
  }

  async function takeOne(tx: DbOrTx, event: MatrixEvent, isAlone: IsAlone): Promise<Taken> {
    if (!(await store.isNew(tx, event.event_id))) return NOTHING
    const isState = event.state_key !== undefined
    if (isState && event.type === 'm.room.member')
      return { isCall: await takeMembership(tx, event), items: [] }
    if (isState && event.type === 'm.room.encryption') await store.setRoom(tx, event.room_id, true)
    if (event.type === MESSAGE) await checkPlaintext(tx, event)
    return isMessage(event) ? takeMessage(tx, event, isAlone) : NOTHING
  }

  return async (given) => {
    const events = given.flatMap((each) => {
      const event = eventSchema.safeParse(each)
      return event.success && isStorable(event.data) ? [event.data] : []
    })
    await learnEncryption(events)
    const taken = await company.asking((isAlone) =>
      store.transaction(async (tx) => {
        const all: Taken[] = []
        for (const event of events) all.push(await takeOne(tx, event, isAlone))
        return all
      }),
    )
    if (taken.some(({ isCall }) => isCall)) onCall()
    for (const { items } of taken) for (const id of items) news.announce(id)
  }
}
