/** AIs that have written to each other for the first time. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instances } from '../db/schema/index.ts'
import { event, idOf, member, openTakingIn, ROOM, spoke } from './testing/taking-in.ts'

let world: Awaited<ReturnType<typeof openTakingIn>>
let at: Awaited<ReturnType<typeof world.fresh>>

beforeAll(async () => {
  world = await openTakingIn()
}, 180_000)
afterAll(() => world.close())
beforeEach(async () => {
  at = await world.fresh()
})

it('tells once of two AIs that have written to each other, when both first have', async () => {
  const answer = spoke(at.bob)
  await at.hand(...at.bothIn(), spoke(at.ada), spoke(at.ada))
  expect([at.meetings, at.announced]).toEqual([[], []])
  await at.hand(answer, spoke(at.bob))
  await at.hand(answer)
  await at.hand(...at.bothIn().map((each) => ({ ...each, room_id: '!next:mos.test' })))
  await at.hand(spoke(at.ada, { room_id: '!next:mos.test' }), spoke(at.bob, { room_id: '!next:mos.test' }))
  expect([at.meetings, at.announced]).toEqual([[[at.bob.id, at.ada.id]], ['itm_1']])
})

it('tells of no meeting of people, of three, of one with itself, or of what was said in the clear', async () => {
  await at.hand(at.encryption(), member(at.ada.handle, 'join'), member(`${at.bob.handle}_ai`, 'join'))
  await at.hand(event('m.room.encrypted', at.ada.handle), spoke(at.bob))
  const own = { room_id: '!own:mos.test' }
  await at.hand(
    { ...member(`${at.ada.handle}_ai`, 'join'), ...own },
    { ...member(at.ada.handle, 'join'), ...own },
  )
  await at.hand(spoke(at.ada, own), event('m.room.encrypted', at.ada.handle, own))
  const crowd = { room_id: '!crowd:mos.test' }
  const names = [`${at.ada.handle}_ai`, `${at.bob.handle}_ai`, at.bob.handle]
  await at.hand(...names.map((name) => ({ ...member(name, 'join'), ...crowd })), spoke(at.ada, crowd))
  await at.hand(spoke(at.bob, crowd))
  const clear = { room_id: '!clear:mos.test', type: 'm.room.message' }
  await at.hand(...at.bothIn().map((each) => ({ ...each, room_id: clear.room_id })))
  await at.hand(spoke(at.ada, clear), spoke(at.bob, clear))
  expect(at.meetings).toEqual([])
})

it('tells of no meeting where somebody is with them whom the platform does not know', async () => {
  const outsider = '@eve:elsewhere.test'
  const joins = event('m.room.member', 'eve', { state_key: outsider, sender: outsider })
  at.homeserver.guests.set(ROOM, [idOf(`${at.bob.handle}_ai`), outsider])
  await at.hand(...at.bothIn(), { ...joins, content: { membership: 'join' } }, spoke(at.ada), spoke(at.bob))
  const asked = at.homeserver.asked
  await at.hand(spoke(at.ada), spoke(at.bob))
  expect([at.meetings, at.homeserver.asked - asked]).toEqual([[], 0])
  at.homeserver.guests.set(ROOM, [idOf(`${at.bob.handle}_ai`)])
  const leaves = event('m.room.member', 'eve', { state_key: outsider, sender: outsider })
  await at.hand({ ...leaves, content: { membership: 'leave' } }, spoke(at.ada), spoke(at.bob))
  expect([at.meetings, at.announced]).toEqual([[[at.bob.id, at.ada.id]], ['itm_1']])
})

it('waits with a meeting for a homeserver that does not say who is there', async () => {
  at.homeserver.isAway = true
  const said = [...at.bothIn(), spoke(at.ada), spoke(at.bob)]
  expect(await at.hand(...said)).toBe(503)
  at.homeserver.isAway = false
  expect(await at.hand(...said)).toBe(200)
  expect(at.meetings).toHaveLength(1)
})

it('takes in what AIs say whose instance is gone', async () => {
  await at.hand(...at.bothIn(), spoke(at.ada))
  await world.database.db.delete(instances).where(eq(instances.id, at.bob.id))
  expect(await at.hand(spoke(at.bob))).toBe(200)
  expect(at.meetings).toEqual([])
})

it('announces no meeting that could not be written down', async () => {
  await at.hand(...at.bothIn(), spoke(at.ada))
  const answer = spoke(at.bob)
  at.homeserver.isAway = true
  expect(await at.hand(answer, event('m.room.message', at.ada.handle, { room_id: '!new:mos.test' }))).toBe(
    503,
  )
  expect(at.announced).toEqual([])
  at.homeserver.isAway = false
  expect(await at.hand(answer)).toBe(200)
  expect(at.announced).toHaveLength(1)
})
