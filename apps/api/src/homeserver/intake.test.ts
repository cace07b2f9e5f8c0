/** What the homeserver hands over: each event once, and who is told. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { blocks, matrixAccounts, matrixCalls, matrixEvents } from '../db/schema/index.ts'
import { HomeserverError } from '../ports/homeserver.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createAccountStore } from './accounts-store.ts'
import { event, idOf, member, openTakingIn } from './testing/taking-in.ts'

let world: Awaited<ReturnType<typeof openTakingIn>>
let at: Awaited<ReturnType<typeof world.fresh>>

beforeAll(async () => {
  world = await openTakingIn()
}, 180_000)
afterAll(() => world.close())
beforeEach(async () => {
  at = await world.fresh()
})

it('takes in what the homeserver brings, and what nobody else does', async () => {
  expect(await at.hand()).toBe(200)
  const body = { events: [] }
  expect((await at.ask('PUT', 'transactions/1', { token: null, body })).status).toBe(401)
  expect((await at.ask('PUT', 'transactions/1', { token: 'x'.repeat(40), body })).status).toBe(403)
  expect((await at.ask('PUT', 'transactions/1', { body: { nothing: 1 } })).status).toBe(400)
  expect((await at.ask('POST', 'ping', { body: {} })).status).toBe(200)
  expect((await at.ask('GET', 'users/@nobody:mos.test')).status).toBe(404)
})

it('has whoever did not write be told, for whom it is', async () => {
  await at.hand(...at.bothIn(), event('m.room.encrypted', `${at.ada.handle}_ai`))
  expect(await world.calls()).toEqual([{ instanceId: at.bob.id, forPerson: false, forAi: true }])
  expect(at.found.looks).toBe(1)
  await at.hand(member(at.bob.handle, 'join'), event('m.room.encrypted', `${at.ada.handle}_ai`))
  expect(await world.calls()).toEqual([{ instanceId: at.bob.id, forPerson: true, forAi: true }])
})

it('tells who is invited, and nobody who left', async () => {
  await at.hand(
    event('m.room.member', at.ada.handle, {
      state_key: idOf(at.bob.handle),
      content: { membership: 'invite' },
    }),
  )
  expect(await world.calls()).toEqual([{ instanceId: at.bob.id, forPerson: true, forAi: false }])
  await world.database.db.delete(matrixCalls)
  await at.hand(member(at.bob.handle, 'leave'), event('m.room.encrypted', at.ada.handle))
  expect(await world.calls()).toEqual([])
})

it('wakes a computer for its own AI when its person writes, and not for its person when its AI does', async () => {
  await at.hand(at.encryption(), member(at.ada.handle, 'join'), member(`${at.ada.handle}_ai`, 'join'))
  await at.hand(event('m.room.encrypted', `${at.ada.handle}_ai`))
  expect(await world.calls()).toEqual([])
  await at.hand(event('m.room.encrypted', at.ada.handle))
  expect(await world.calls()).toEqual([{ instanceId: at.ada.id, forPerson: false, forAi: true }])
})

it('takes an event in once, whatever the number of what it came in', async () => {
  const message = event('m.room.encrypted', `${at.ada.handle}_ai`)
  await at.hand(...at.bothIn(), message)
  await world.database.db.delete(matrixCalls)
  await at.hand(message)
  expect(await world.calls()).toEqual([])
})

it('has the homeserver try again when it could not be taken in as a whole', async () => {
  const message = event('m.room.message', at.ada.handle)
  at.homeserver.isAway = true
  expect(await at.hand(message)).toBe(503)
  expect(await world.database.db.$count(matrixEvents)).toBe(0)
  at.homeserver.isAway = false
  expect(await at.hand(message)).toBe(200)
})

it('takes in the rest where the homeserver will not say what a room is', async () => {
  at.homeserver.isEncrypted = () => Promise.reject(new HomeserverError('refused', 'It will not.'))
  await at.hand(member(`${at.bob.handle}_ai`, 'join'))
  expect(
    await at.hand(event('m.room.message', `${at.ada.handle}_ai`), event('m.room.encrypted', at.ada.handle)),
  ).toBe(200)
  expect(await world.calls()).toEqual([{ instanceId: at.bob.id, forPerson: false, forAi: true }])
})

it('survives whatever a stranger may send', async () => {
  const strange = [
    null,
    7,
    {},
    { event_id: 5 },
    event('m.room.member', at.ada.handle, { state_key: 'no id', content: 3 }),
  ]
  const nul = event('m.room.encrypted', `${at.ada.handle}\0`)
  expect((await at.ask('PUT', 'transactions/1', { body: { events: [...strange, nul] } })).status).toBe(200)
})

it.each([
  ['blocks who writes', true],
  ['is blocked by who writes', false],
])('tells nobody who %s, and whoever else is there', async (_, isByAda) => {
  const cleo = await world.instance()
  await createAccountStore(world.database).plan(10)
  await world.database.db.update(matrixAccounts).set({ state: 'made' })
  const [blocker, blocked] = isByAda ? [at.ada.userId, at.bob.userId] : [at.bob.userId, at.ada.userId]
  await world.database.db.insert(blocks).values({ blocker, blocked, kind: 'block', at: new Date() })
  await world.database.db
    .insert(blocks)
    .values({ blocker: cleo.userId, blocked: at.bob.userId, kind: 'mute', at: new Date() })
  const invite = (to: InstanceRow) =>
    event('m.room.member', at.bob.handle, { state_key: idOf(to.handle), content: { membership: 'invite' } })
  await at.hand(at.encryption(), member(at.bob.handle, 'join'), invite(at.ada))
  await at.hand(event('m.room.encrypted', at.bob.handle))
  expect(await world.calls()).toEqual([])
  await at.hand(invite(cleo), event('m.room.encrypted', at.bob.handle))
  expect(await world.calls()).toEqual([{ instanceId: cleo.id, forPerson: true, forAi: false }])
})
