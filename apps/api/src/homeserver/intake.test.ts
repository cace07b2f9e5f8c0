/** What the homeserver hands over, from its own address on to the rows that wake instances, on a database. */
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import {
  blocks,
  instances,
  matrixAccounts,
  matrixAlarms,
  matrixCalls,
  matrixEvents,
  matrixMembers,
  matrixRooms,
} from '../db/schema/index.ts'
import { HomeserverError } from '../ports/homeserver.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createAccountStore } from './accounts-store.ts'
import { createCalls } from './calls.ts'
import { createCallStore } from './calls-store.ts'
import { createEventStore } from './events-store.ts'
import { createIntake } from './intake.ts'
import { createHomeserverListener } from './listener.ts'
import { createMemoryHomeserver, type MemoryHomeserver } from './testing/memory-homeserver.ts'

const log = pino({ level: 'silent' })
const ROOM = '!room:mos.test'
let sleepers: Awaited<ReturnType<typeof openSleepers>>
let homeserver: MemoryHomeserver
let ada: InstanceRow
let bob: InstanceRow
let sent = 0
let looks = 0
let meetings: (readonly string[])[] = []
let announced: string[] = []

beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  homeserver = createMemoryHomeserver()
  looks = 0
  meetings = []
  announced = []
  await sleepers.empty()
  const { db } = sleepers.database
  for (const table of [blocks, matrixAccounts, matrixAlarms, matrixEvents, matrixMembers, matrixRooms])
    await db.delete(table)
  ;[ada, bob] = [await sleepers.instance(), await sleepers.instance()]
  const store = createAccountStore(sleepers.database)
  await store.plan(10)
  for (const account of await store.due(new Date(), 10)) await store.settle(account, 'made')
})

const idOf = (localpart: string) => `@${localpart}:mos.test`
const listener = () =>
  createHomeserverListener({
    hsToken: 'h'.repeat(40),
    intake: createIntake({
      ...{ store: createEventStore(sleepers.database), homeserver, log },
      onCall: () => void looks++,
      news: {
        async met(_, pair) {
          meetings.push(pair)
          return [`itm_${meetings.length}`]
        },
        announce: (id) => void announced.push(id),
      },
    }),
    log,
  })
const ask = (method: string, path: string, options: { token?: string | null; body?: unknown } = {}) => {
  const { token = 'h'.repeat(40), body } = options
  return listener().request(`/_matrix/app/v1/${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
const hand = async (...events: object[]) => (await ask('PUT', 'transactions/1', { body: { events } })).status

const event = (type: string, sender: string, more: object = {}) => ({
  ...{ event_id: `$${++sent}`, room_id: ROOM, type, sender: idOf(sender), content: {}, ...more },
})
const member = (localpart: string, membership: string) =>
  event('m.room.member', localpart, { state_key: idOf(localpart), content: { membership } })
const calls = async () => {
  const rows = await sleepers.database.db.select().from(matrixCalls)
  return rows.map(({ instanceId, forPerson, forAi }) => ({ instanceId, forPerson, forAi }))
}
const alarms = () => sleepers.database.db.$count(matrixAlarms)
const spoke = (by: InstanceRow, more: object = {}) => event('m.room.encrypted', `${by.handle}_ai`, more)
const encryption = () => event('m.room.encryption', ada.handle, { state_key: '' })
const bothIn = () => [encryption(), member(`${ada.handle}_ai`, 'join'), member(`${bob.handle}_ai`, 'join')]

it('takes in what the homeserver brings, and what nobody else does', async () => {
  expect(await hand()).toBe(200)
  const body = { events: [] }
  expect((await ask('PUT', 'transactions/1', { token: null, body })).status).toBe(401)
  expect((await ask('PUT', 'transactions/1', { token: 'x'.repeat(40), body })).status).toBe(403)
  expect((await ask('PUT', 'transactions/1', { body: { nothing: 1 } })).status).toBe(400)
  expect((await ask('POST', 'ping', { body: {} })).status).toBe(200)
  expect((await ask('GET', 'users/@nobody:mos.test')).status).toBe(404)
})

it('has whoever did not write be told, for whom it is', async () => {
  await hand(...bothIn(), event('m.room.encrypted', `${ada.handle}_ai`))
  expect(await calls()).toEqual([{ instanceId: bob.id, forPerson: false, forAi: true }])
  expect(looks).toBe(1)
  await hand(member(bob.handle, 'join'), event('m.room.encrypted', `${ada.handle}_ai`))
  expect(await calls()).toEqual([{ instanceId: bob.id, forPerson: true, forAi: true }])
})

it('tells who is invited, and nobody who left', async () => {
  await hand(
    event('m.room.member', ada.handle, { state_key: idOf(bob.handle), content: { membership: 'invite' } }),
  )
  expect(await calls()).toEqual([{ instanceId: bob.id, forPerson: true, forAi: false }])
  await sleepers.database.db.delete(matrixCalls)
  await hand(member(bob.handle, 'leave'), event('m.room.encrypted', ada.handle))
  expect(await calls()).toEqual([])
})

it('wakes a computer for its own AI when its person writes, and not for its person when its AI does', async () => {
  await hand(encryption(), member(ada.handle, 'join'), member(`${ada.handle}_ai`, 'join'))
  await hand(event('m.room.encrypted', `${ada.handle}_ai`))
  expect(await calls()).toEqual([])
  await hand(event('m.room.encrypted', ada.handle))
  expect(await calls()).toEqual([{ instanceId: ada.id, forPerson: false, forAi: true }])
})

it('takes an event in once, whatever the number of what it came in', async () => {
  const message = event('m.room.encrypted', `${ada.handle}_ai`)
  await hand(...bothIn(), message)
  await sleepers.database.db.delete(matrixCalls)
  await hand(message)
  expect(await calls()).toEqual([])
})

it('raises an alarm for what is said in the clear to an AI, or in a room that is encrypted', async () => {
  await hand(...bothIn(), event('m.room.encrypted', `${ada.handle}_ai`))
  expect(await alarms()).toBe(0)
  const plain = event('m.room.message', `${ada.handle}_ai`, { content: { body: 'in the clear' } })
  await hand(plain, plain)
  expect(await alarms()).toBe(1)
  const [alarm] = await sleepers.database.db.select().from(matrixAlarms)
  expect(JSON.stringify(alarm)).not.toContain('in the clear')
})

it('keeps a hundred alarms of a room in an hour, and says it once', async () => {
  const said = vi.spyOn(log, 'error')
  await hand(...bothIn())
  const plain = (more = {}) => event('m.room.message', `${ada.handle}_ai`, more)
  await hand(...Array.from({ length: 60 }, () => plain()))
  await hand(...Array.from({ length: 60 }, () => plain()))
  expect(await alarms()).toBe(100)
  expect(said).toHaveBeenCalledTimes(1)
  const other = { room_id: '!other:mos.test' }
  await hand(event('m.room.encryption', ada.handle, { state_key: '', ...other }), plain(other))
  expect([await alarms(), said.mock.calls.length]).toEqual([101, 2])
  said.mockRestore()
})

it('raises none for rooms of people that are open on purpose', async () => {
  const said = () => event('m.room.message', ada.handle, { room_id: '!open:mos.test' })
  await hand(said(), said())
  await hand(said())
  expect(await alarms()).toBe(0)
  expect(homeserver.asked).toBe(1)
})

it('asks the homeserver about rooms that began elsewhere', async () => {
  homeserver.encrypted.add('!elsewhere:other.test')
  await hand(event('m.room.message', ada.handle, { room_id: '!elsewhere:other.test' }))
  expect(await alarms()).toBe(1)
})

it('asks on where somebody is not in a room any more, and takes no silence for a no', async () => {
  homeserver.encrypted.add(ROOM)
  homeserver.outside.add(`${ada.handle} ${ROOM}`)
  const plain = () => event('m.room.message', ada.handle)
  await hand(plain())
  expect(await sleepers.database.db.$count(matrixRooms)).toBe(0)
  await hand(member(bob.handle, 'join'), plain())
  await hand(plain())
  expect(await alarms()).toBe(1)
})

it('has the homeserver try again when it could not be taken in as a whole', async () => {
  const message = event('m.room.message', ada.handle)
  homeserver.isAway = true
  expect(await hand(message)).toBe(503)
  expect(await sleepers.database.db.$count(matrixEvents)).toBe(0)
  homeserver.isAway = false
  expect(await hand(message)).toBe(200)
})

it('takes in the rest where the homeserver will not say what a room is', async () => {
  homeserver.isEncrypted = () => Promise.reject(new HomeserverError('refused', 'It will not.'))
  await hand(member(`${bob.handle}_ai`, 'join'))
  expect(await hand(event('m.room.message', `${ada.handle}_ai`), event('m.room.encrypted', ada.handle))).toBe(
    200,
  )
  expect(await calls()).toEqual([{ instanceId: bob.id, forPerson: false, forAi: true }])
})

it('survives whatever a stranger may send', async () => {
  const strange = [
    null,
    7,
    {},
    { event_id: 5 },
    event('m.room.member', ada.handle, { state_key: 'no id', content: 3 }),
  ]
  const nul = event('m.room.encrypted', `${ada.handle}\0`)
  expect((await ask('PUT', 'transactions/1', { body: { events: [...strange, nul] } })).status).toBe(200)
})

it('is told until it has taken it, and again for what comes meanwhile', async () => {
  const store = createCallStore({ db: sleepers.database.db, processId: 'one' })
  const told: object[] = []
  const tell = (outcome: () => Promise<{ kind: 'taken' }>) =>
    createCalls({
      ...{ store, clock: { now: Date.now }, log },
      handOver: async (_id, what, body) => {
        told.push({ what, body })
        return outcome()
      },
    })
  await hand(...bothIn(), event('m.room.encrypted', `${ada.handle}_ai`))
  const [failing] = await store.claim(10)
  if (!failing) throw new Error('Nothing is due.')
  const { signal } = new AbortController()
  await tell(() => Promise.reject(new Error('It sleeps.')))(failing, signal)
  expect(await store.claim(10)).toEqual([])
  await sleepers.database.db.update(matrixCalls).set({ nextAttemptAt: new Date(0) })
  const [row] = await store.claim(10)
  if (!row) throw new Error('Nothing is due.')
  await tell(async () => {
    await hand(event('m.room.encrypted', `${ada.handle}_ai`))
    return { kind: 'taken' }
  })(row, signal)
  const [again] = await store.claim(10)
  expect(again?.instanceId).toBe(bob.id)
  if (again) await tell(async () => ({ kind: 'taken' }))(again, signal)
  expect(await calls()).toEqual([])
  expect(told[0]).toEqual({ what: 'matrix', body: { person: false, ai: true } })
})

it('tells once of two AIs that have written to each other, when both first have', async () => {
  const answer = spoke(bob)
  await hand(...bothIn(), spoke(ada), spoke(ada))
  expect([meetings, announced]).toEqual([[], []])
  await hand(answer, spoke(bob))
  await hand(answer)
  await hand(...bothIn().map((each) => ({ ...each, room_id: '!next:mos.test' })))
  await hand(spoke(ada, { room_id: '!next:mos.test' }), spoke(bob, { room_id: '!next:mos.test' }))
  expect([meetings, announced]).toEqual([[[bob.id, ada.id]], ['itm_1']])
})

it('tells of no meeting of people, of three, of one with itself, or of what was said in the clear', async () => {
  await hand(encryption(), member(ada.handle, 'join'), member(`${bob.handle}_ai`, 'join'))
  await hand(event('m.room.encrypted', ada.handle), spoke(bob))
  const own = { room_id: '!own:mos.test' }
  await hand({ ...member(`${ada.handle}_ai`, 'join'), ...own }, { ...member(ada.handle, 'join'), ...own })
  await hand(spoke(ada, own), event('m.room.encrypted', ada.handle, own))
  const crowd = { room_id: '!crowd:mos.test' }
  const names = [`${ada.handle}_ai`, `${bob.handle}_ai`, bob.handle]
  await hand(...names.map((name) => ({ ...member(name, 'join'), ...crowd })), spoke(ada, crowd))
  await hand(spoke(bob, crowd))
  const clear = { room_id: '!clear:mos.test', type: 'm.room.message' }
  await hand(...bothIn().map((each) => ({ ...each, room_id: clear.room_id })))
  await hand(spoke(ada, clear), spoke(bob, clear))
  expect(meetings).toEqual([])
})

it('takes in what AIs say whose instance is gone', async () => {
  await hand(...bothIn(), spoke(ada))
  await sleepers.database.db.delete(instances).where(eq(instances.id, bob.id))
  expect(await hand(spoke(bob))).toBe(200)
  expect(meetings).toEqual([])
})

it('announces no meeting that could not be written down', async () => {
  await hand(...bothIn(), spoke(ada))
  const answer = spoke(bob)
  homeserver.isAway = true
  expect(await hand(answer, event('m.room.message', ada.handle, { room_id: '!new:mos.test' }))).toBe(503)
  expect(announced).toEqual([])
  homeserver.isAway = false
  expect(await hand(answer)).toBe(200)
  expect(announced).toHaveLength(1)
})

it.each([
  ['blocks who writes', true],
  ['is blocked by who writes', false],
])('tells nobody who %s, and whoever else is there', async (_, isByAda) => {
  const cleo = await sleepers.instance()
  await createAccountStore(sleepers.database).plan(10)
  await sleepers.database.db.update(matrixAccounts).set({ state: 'made' })
  const [blocker, blocked] = isByAda ? [ada.userId, bob.userId] : [bob.userId, ada.userId]
  await sleepers.database.db.insert(blocks).values({ blocker, blocked, kind: 'block', at: new Date() })
  await sleepers.database.db
    .insert(blocks)
    .values({ blocker: cleo.userId, blocked: bob.userId, kind: 'mute', at: new Date() })
  const invite = (to: InstanceRow) =>
    event('m.room.member', bob.handle, { state_key: idOf(to.handle), content: { membership: 'invite' } })
  await hand(encryption(), member(bob.handle, 'join'), invite(ada))
  await hand(event('m.room.encrypted', bob.handle))
  expect(await calls()).toEqual([])
  await hand(invite(cleo), event('m.room.encrypted', bob.handle))
  expect(await calls()).toEqual([{ instanceId: cleo.id, forPerson: true, forAi: false }])
})

it('gives up after a day, but not on what came since it was told of last', async () => {
  const { db } = sleepers.database
  const store = createCallStore({ db, processId: 'one' })
  const failing = (between: () => Promise<unknown>) =>
    createCalls({
      ...{ store, clock: { now: Date.now }, log },
      handOver: async () => {
        await between()
        throw new Error('It does not wake.')
      },
    })
  const message = () => hand(event('m.room.encrypted', `${ada.handle}_ai`))
  const { signal } = new AbortController()
  await hand(...bothIn())
  await message()
  await db.update(matrixCalls).set({ since: new Date(Date.now() - 25 * 3_600_000) })
  const [late] = await store.claim(10)
  if (!late) throw new Error('Nothing is due.')
  await failing(message)(late, signal)
  const [again] = await store.claim(10)
  expect(again).toMatchObject({ instanceId: bob.id, attempts: 1 })
  expect(Date.now() - (again?.since.getTime() ?? 0)).toBeLessThan(3_600_000)

  await db.update(matrixCalls).set({ since: new Date(Date.now() - 25 * 3_600_000) })
  if (again) await failing(async () => undefined)({ ...again, since: new Date(0) }, signal)
  expect(await calls()).toEqual([])
})

it('forgets rooms that nobody is in any more, and alarms that are long over', async () => {
  const { db } = sleepers.database
  const store = createEventStore(sleepers.database)
  await hand(...bothIn(), event('m.room.message', `${ada.handle}_ai`))
  await store.deleteOld()
  expect([await db.$count(matrixRooms), await alarms()]).toEqual([1, 1])
  await hand(member(`${ada.handle}_ai`, 'leave'), member(`${bob.handle}_ai`, 'leave'))
  await db.update(matrixAlarms).set({ at: new Date(Date.now() - 31 * 86_400_000) })
  await store.deleteOld()
  expect([await db.$count(matrixRooms), await alarms()]).toEqual([0, 0])
})
