/** How long an instance is kept awake for what it was handed. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { errands } from '../db/schema/index.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createTenantStore, type InstanceRow } from '../tenants/store.ts'
import { createErrandStore } from './store.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

const store = () => createErrandStore(sleepers.database)
const wake = ({ id }: InstanceRow) =>
  createTenantStore(sleepers.database).keepAwake(id, { retry: false, isUse: false })
const expire = () => sleepers.database.db.update(errands).set({ until: sql`now() - interval '1 second'` })

async function sweep(one: Awaited<ReturnType<typeof sleepers.process>>): Promise<void> {
  one.quiet()
  await one.sweep()
}

it('stays awake while it is at work, and sleeps at once when that is over', async () => {
  const row = await sleepers.instance(undefined, { desired: 'asleep', observed: 'stopped' })
  const one = await sleepers.process('one')
  await store().begin(row.id)
  const woken = await wake(row)
  expect([woken?.desired, woken?.lastUsedAt]).toEqual(['awake', row.lastUsedAt])
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  await store().end(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('keeps nothing awake for longer than an errand may take, however often it says that it is at work', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  await store().begin(row.id)
  await expire()
  await store().renew(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  const long = sql`now() - interval '16 minutes'`
  await sleepers.database.db.update(errands).set({ beganAt: long, until: sql`now() - interval '1 second'` })
  await store().renew(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('is opened again by what came while something else was finished', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  await store().end(row.id)
  await store().renew(row.id)
  const [errand] = await sleepers.database.db.select().from(errands).where(eq(errands.instanceId, row.id))
  expect(errand?.isOpen).toBe(true)
})

it('keeps nothing awake for more than half of an hour, however many errands there are', async () => {
  const row = await sleepers.instance()
  const { db } = sleepers.database
  const elapse = (minutes: number) =>
    db.update(errands).set({
      hourBeganAt: sql`${errands.hourBeganAt} - ${`${minutes} minutes`}::interval`,
      countedAt: sql`${errands.countedAt} - ${`${minutes} minutes`}::interval`,
      until: sql`now() + interval '1 minute'`,
    })
  const leftS = async () => {
    const [left] = await db
      .select({ s: sql<number>`extract(epoch from ${errands.until} - now())::float` })
      .from(errands)
    return left?.s
  }
  expect(await store().begin(row.id)).not.toBe(null)
  await elapse(14)
  await store().end(row.id)
  await elapse(10)
  expect(await store().begin(row.id)).not.toBe(null)
  await elapse(15)
  expect(await store().begin(row.id)).not.toBe(null)
  // 29 minutes were used, and the ten between two errands were not.
  expect(await leftS()).toBeGreaterThan(50)
  expect(await leftS()).toBeLessThanOrEqual(60)
  await elapse(1)
  await store().end(row.id)
  expect(await store().begin(row.id)).toBe(null)
  await store().renew(row.id)
  const [errand] = await db.select().from(errands)
  expect(errand?.isOpen).toBe(false)
  await elapse(20)
  expect(await store().begin(row.id)).not.toBe(null)
  expect(await leftS()).toBeGreaterThan(170)
})

it('wakes what said nothing only once there is time for it again', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  await sleepers.database.db.update(errands).set({ usedS: 1_800 })
  await expire()
  expect(await store().overdue()).toEqual([])
  await sleepers.database.db.update(errands).set({ hourBeganAt: sql`now() - interval '1 hour'` })
  expect(await store().overdue()).toEqual([row.id])
})

it('is woken again twice when it said nothing: it may have been killed in the middle', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  expect(await store().overdue()).toEqual([])
  for (const expected of [[row.id], [row.id], [], []]) {
    await expire()
    expect(await store().overdue()).toEqual(expected)
  }
})

it('is taken back where nothing else was open, and nothing was begun since', async () => {
  const row = await sleepers.instance()
  const isOpen = async () => (await sleepers.database.db.select().from(errands))[0]?.isOpen
  const first = await store().begin(row.id)
  const second = await store().begin(row.id)
  if (!first || !second) throw new Error('There is time for both.')
  expect([first.isOnly, second.isOnly]).toEqual([true, false])
  await store().retract(row.id, second)
  await store().retract(row.id, first)
  expect(await isOpen()).toBe(true)
  await store().end(row.id)
  const third = await store().begin(row.id)
  if (!third) throw new Error('There is time for it.')
  await store().retract(row.id, third)
  expect(await isOpen()).toBe(false)
})
