import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instances } from '../db/schema/index.ts'
import { openSleepers } from './idle/testing/sleepers.ts'
import { createSlotStore, type SlotStore } from './slots.ts'
import type { InstanceRow } from './store.ts'

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
  const given = await Promise.all(Array.from({ length: 5 }, () => slots.slotOf(first(row))))
  expect(given).toEqual([0, 0, 0, 0, 0])
})

it('gives each container the smallest slot that is free', async () => {
  const rows = [await sleepers.instance(), await sleepers.instance(), await sleepers.instance()]
  const given = await Promise.all(rows.map((row) => slots.slotOf(first(row))))
  expect(given.toSorted()).toEqual([0, 1, 2])
  const holder = rows[given.indexOf(1)]
  if (!holder) throw new Error('Nobody holds slot 1.')
  await sleepers.database.db.delete(instances).where(eq(instances.id, holder.id))
  expect(await slots.slotOf(first(await sleepers.instance()))).toBe(1)
})

it('gives the second container of an instance a slot of its own while the first holds one', async () => {
  const row = await sleepers.instance()
  expect(await slots.slotOf(first(row))).toBe(0)
  expect(await slots.slotOf({ ...first(row), generation: 2 })).toBe(1)
  expect(await slots.slotOf(first(row))).toBe(0)
})
