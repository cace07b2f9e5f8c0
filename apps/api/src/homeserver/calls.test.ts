/** Instances are told that something waits for them, until they have taken it or a day is over. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { matrixCalls } from '../db/schema/index.ts'
import { createCalls } from './calls.ts'
import { createCallStore } from './calls-store.ts'
import { event, openTakingIn } from './testing/taking-in.ts'

let world: Awaited<ReturnType<typeof openTakingIn>>
let at: Awaited<ReturnType<typeof world.fresh>>

beforeAll(async () => {
  world = await openTakingIn()
}, 180_000)
afterAll(() => world.close())
beforeEach(async () => {
  at = await world.fresh()
})

it('is told until it has taken it, and again for what comes meanwhile', async () => {
  const store = createCallStore({ db: world.database.db, processId: 'one' })
  const told: object[] = []
  const tell = (outcome: () => Promise<{ kind: 'taken' }>) =>
    createCalls({
      ...{ store, clock: { now: Date.now }, log: at.log },
      handOver: async (_id, what, body) => {
        told.push({ what, body })
        return outcome()
      },
    })
  await at.hand(...at.bothIn(), event('m.room.encrypted', `${at.ada.handle}_ai`))
  const [failing] = await store.claim(10)
  if (!failing) throw new Error('Nothing is due.')
  const { signal } = new AbortController()
  await tell(() => Promise.reject(new Error('It sleeps.')))(failing, signal)
  expect(await store.claim(10)).toEqual([])
  await world.database.db.update(matrixCalls).set({ nextAttemptAt: new Date(0) })
  const [row] = await store.claim(10)
  if (!row) throw new Error('Nothing is due.')
  await tell(async () => {
    await at.hand(event('m.room.encrypted', `${at.ada.handle}_ai`))
    return { kind: 'taken' }
  })(row, signal)
  const [again] = await store.claim(10)
  expect(again?.instanceId).toBe(at.bob.id)
  if (again) await tell(async () => ({ kind: 'taken' }))(again, signal)
  expect(await world.calls()).toEqual([])
  expect(told[0]).toEqual({ what: 'matrix', body: { person: false, ai: true } })
})

it('gives up after a day, but not on what came since it was told of last', async () => {
  const { db } = world.database
  const store = createCallStore({ db, processId: 'one' })
  const failing = (between: () => Promise<unknown>) =>
    createCalls({
      ...{ store, clock: { now: Date.now }, log: at.log },
      handOver: async () => {
        await between()
        throw new Error('It does not wake.')
      },
    })
  const message = () => at.hand(event('m.room.encrypted', `${at.ada.handle}_ai`))
  const { signal } = new AbortController()
  await at.hand(...at.bothIn())
  await message()
  await db.update(matrixCalls).set({ since: new Date(Date.now() - 25 * 3_600_000) })
  const [late] = await store.claim(10)
  if (!late) throw new Error('Nothing is due.')
  await failing(message)(late, signal)
  const [again] = await store.claim(10)
  expect(again).toMatchObject({ instanceId: at.bob.id, attempts: 1 })
  expect(Date.now() - (again?.since.getTime() ?? 0)).toBeLessThan(3_600_000)

  await db.update(matrixCalls).set({ since: new Date(Date.now() - 25 * 3_600_000) })
  if (again) await failing(async () => undefined)({ ...again, since: new Date(0) }, signal)
  expect(await world.calls()).toEqual([])
})
