/** Alarms of what was sent in the clear where that must not be. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { matrixAlarms, matrixRooms } from '../db/schema/index.ts'
import { createEventStore } from './events-store.ts'
import { event, member, openTakingIn, ROOM } from './testing/taking-in.ts'

let world: Awaited<ReturnType<typeof openTakingIn>>
let at: Awaited<ReturnType<typeof world.fresh>>

beforeAll(async () => {
  world = await openTakingIn()
}, 180_000)
afterAll(() => world.close())
beforeEach(async () => {
  at = await world.fresh()
})

it('raises an alarm for what is said in the clear to an AI, or in a room that is encrypted', async () => {
  await at.hand(...at.bothIn(), event('m.room.encrypted', `${at.ada.handle}_ai`))
  expect(await world.alarms()).toBe(0)
  const plain = event('m.room.message', `${at.ada.handle}_ai`, { content: { body: 'in the clear' } })
  await at.hand(plain, plain)
  expect(await world.alarms()).toBe(1)
  const [alarm] = await world.database.db.select().from(matrixAlarms)
  expect(JSON.stringify(alarm)).not.toContain('in the clear')
})

it('keeps a hundred alarms of a room in an hour, and says it once', async () => {
  const said = vi.spyOn(at.log, 'error')
  await at.hand(...at.bothIn())
  const plain = (more = {}) => event('m.room.message', `${at.ada.handle}_ai`, more)
  await at.hand(...Array.from({ length: 60 }, () => plain()))
  await at.hand(...Array.from({ length: 60 }, () => plain()))
  expect(await world.alarms()).toBe(100)
  expect(said).toHaveBeenCalledTimes(1)
  const other = { room_id: '!other:mos.test' }
  await at.hand(event('m.room.encryption', at.ada.handle, { state_key: '', ...other }), plain(other))
  expect([await world.alarms(), said.mock.calls.length]).toEqual([101, 2])
  said.mockRestore()
})

it('raises none for rooms of people that are open on purpose', async () => {
  const said = () => event('m.room.message', at.ada.handle, { room_id: '!open:mos.test' })
  await at.hand(said(), said())
  await at.hand(said())
  expect(await world.alarms()).toBe(0)
  expect(at.homeserver.asked).toBe(1)
})

it('asks the homeserver about rooms that began elsewhere', async () => {
  at.homeserver.encrypted.add('!elsewhere:other.test')
  await at.hand(event('m.room.message', at.ada.handle, { room_id: '!elsewhere:other.test' }))
  expect(await world.alarms()).toBe(1)
})

it('asks on where somebody is not in a room any more, and takes no silence for a no', async () => {
  at.homeserver.encrypted.add(ROOM)
  at.homeserver.outside.add(`${at.ada.handle} ${ROOM}`)
  const plain = () => event('m.room.message', at.ada.handle)
  await at.hand(plain())
  expect(await world.database.db.$count(matrixRooms)).toBe(0)
  await at.hand(member(at.bob.handle, 'join'), plain())
  await at.hand(plain())
  expect(await world.alarms()).toBe(1)
})

it('forgets rooms that nobody is in any more, and alarms that are long over', async () => {
  const { db } = world.database
  const store = createEventStore(world.database)
  await at.hand(...at.bothIn(), event('m.room.message', `${at.ada.handle}_ai`))
  await store.deleteOld()
  expect([await db.$count(matrixRooms), await world.alarms()]).toEqual([1, 1])
  await at.hand(member(`${at.ada.handle}_ai`, 'leave'), member(`${at.bob.handle}_ai`, 'leave'))
  await db.update(matrixAlarms).set({ at: new Date(Date.now() - 31 * 86_400_000) })
  await store.deleteOld()
  expect([await db.$count(matrixRooms), await world.alarms()]).toEqual([0, 0])
})
