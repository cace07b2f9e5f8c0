import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instances } from '../db/schema/index.ts'
import { openSleepers } from './idle/testing/sleepers.ts'
import { createSlotStore, type SlotStore } from './slots.ts'
import type { InstanceRow } from './store.ts'

const MANY = 4085

let sleepers: Awaited<ReturnType<typeof openSleepers>>
let slots: SlotStore
beforeAll(async () => {
  sleepers = await openSleepers()
  slots = createSlotStore(sleepers.database)
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

const first = ({ id }: InstanceRow) => ({ instanceId: id, generation: 1 })

it('gives a container one slot, however often and by however many it is asked', async () => {
  const row = await sleepers.instance()
  const given = await Promise.all(Array.from({ length: 5 }, () => slots.slotOf(first(row), MANY)))
  expect(given).toEqual([0, 0, 0, 0, 0])
})

it('gives each container the smallest slot that is free', async () => {
  const rows = [await sleepers.instance(), await sleepers.instance(), await sleepers.instance()]
  const given = await Promise.all(rows.map((row) => slots.slotOf(first(row), MANY)))
  expect(given.toSorted()).toEqual([0, 1, 2])
  const holder = rows[given.indexOf(1)]
  if (!holder) throw new Error('Nobody holds slot 1.')
  await sleepers.database.db.delete(instances).where(eq(instances.id, holder.id))
  expect(await slots.slotOf(first(await sleepers.instance()), MANY)).toBe(1)
})

it('gives the second container of an instance a slot of its own while the first holds one', async () => {
  const row = await sleepers.instance()
  expect(await slots.slotOf(first(row), MANY)).toBe(0)
  expect(await slots.slotOf({ ...first(row), generation: 2 }, MANY)).toBe(1)
  expect(await slots.slotOf(first(row), MANY)).toBe(0)
})

it('gives whoever came when all were taken the first slot that is free again', async () => {
  const [one, two, late, later] = await Promise.all(Array.from({ length: 4 }, () => sleepers.instance()))
  if (!one || !two || !late || !later) throw new Error('An instance is missing.')
  const given = async (row: InstanceRow) => slots.slotOf(first(row), 2)
  expect([await given(one), await given(two)]).toEqual([0, 1])
  expect([await given(late), await given(later)]).toEqual([2, 3])
  expect([await given(late), await given(later)]).toEqual([2, 3])
  await sleepers.database.db.delete(instances).where(eq(instances.id, one.id))
  expect(await Promise.all([given(later), given(later)])).toEqual([0, 0])
  expect([await given(two), await given(late)]).toEqual([1, 2])
})

it('names the slots that nothing needs any more: neither what serves nor what may be gone back to', async () => {
  const row = await sleepers.instance()
  for (const generation of [1, 2, 3]) await slots.slotOf({ instanceId: row.id, generation }, MANY)
  const { db } = sleepers.database
  const set = (values: Partial<typeof instances.$inferInsert>) =>
    db.update(instances).set(values).where(eq(instances.id, row.id))
  await set({ observed: 'running', generation: 3, formerGeneration: 2, leaseOwner: null })
  expect(await slots.superseded()).toEqual([{ instanceId: row.id, generation: 1 }])
  await set({ formerGeneration: null })
  expect((await slots.superseded()).map(({ generation }) => generation).toSorted()).toEqual([1, 2])
  await set({ leaseOwner: 'somebody' })
  expect(await slots.superseded()).toEqual([])
  await set({ leaseOwner: null, observed: 'starting' })
  expect(await slots.superseded()).toEqual([])
})
