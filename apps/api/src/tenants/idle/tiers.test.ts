import { FIRST_PLAN, type Plan, type SleepTier, type Tier } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instances } from '../../db/schema/index.ts'
import { createTenantStore, type InstanceRow } from '../store.ts'
import { IDLE_MS, POLICIES } from '../testing/policies.ts'
import { openSleepers } from './testing/sleepers.ts'

const DAY_MS = 86_400_000

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

async function read({ id }: InstanceRow): Promise<InstanceRow> {
  const [row] = await sleepers.database.db.select().from(instances).where(eq(instances.id, id))
  if (!row) throw new Error('The row is gone.')
  return row
}

/** Milliseconds of disuse at which its tier ends. */
async function endsAfterMs(row: InstanceRow): Promise<number | null> {
  const { tierEndsAt, lastUsedAt } = await read(row)
  return tierEndsAt && tierEndsAt.getTime() - lastUsedAt.getTime()
}

it('gives a new instance the first plan, and no time before the sweeper has said it', async () => {
  expect(await sleepers.instance()).toMatchObject({ plan: FIRST_PLAN, tierEndsAt: null })
})

it('says when a tier ends by the last use and the plan, and sooner for what fails', async () => {
  const [runs, fails] = [await sleepers.instance(), await sleepers.instance(0, { observed: 'failed' })]
  const { store } = await sleepers.process('one')
  await store.setDeadlines(POLICIES.descents)
  expect([await endsAfterMs(runs), await endsAfterMs(fails)]).toEqual([IDLE_MS, IDLE_MS / 2])
})

it('goes by the plan of each instance', async () => {
  const [usual, other] = [await sleepers.instance(), await sleepers.instance(0, { plan: 'other' as Plan })]
  const { store } = await sleepers.process('one')
  await store.setDeadlines(POLICIES.descents)
  expect([await endsAfterMs(usual), await endsAfterMs(other)]).toEqual([IDLE_MS, null])
})

it('puts nothing to sleep that is to be deleted', async () => {
  const deleted = { desired: 'deleted', closingAt: new Date(0) } as const
  const row = await sleepers.instance(2 * IDLE_MS, deleted)
  const { store } = await sleepers.process('one')
  await store.sign('one', await store.unsigned('one'))
  expect(await store.putToSleep()).toEqual([])
  await store.reopen()
  expect(await read(row)).toMatchObject({ desired: 'deleted', closingAt: null })
})

it('follows a plan that changes, and takes the time away where no tier is due any more', async () => {
  const row = await sleepers.instance()
  const { store } = await sleepers.process('one')
  await store.setDeadlines(POLICIES.descents)
  await store.setDeadlines(POLICIES.descents.map((way) => ({ ...way, afterMs: 30 * DAY_MS })))
  expect(await endsAfterMs(row)).toBe(30 * DAY_MS)
  await store.setDeadlines([])
  expect(await endsAfterMs(row)).toBeNull()
})

it('moves the time with a use that is saved, and never back', async () => {
  const [winter, summer] = [new Date('2025-01-10'), new Date('2025-07-10')]
  const row = await sleepers.instance(0, { lastUsedAt: winter })
  const { store } = await sleepers.process('one')
  // There, that is a whole number of days and an hour less.
  await sleepers.database.db.execute(sql`set time zone 'America/New_York'`)
  await store.setDeadlines(POLICIES.descents)
  for (const agoMs of [Date.now() - summer.getTime(), 1_000, 50 * DAY_MS]) {
    await store.saveUses([{ id: row.id, agoMs }])
    expect(await endsAfterMs(row)).toBe(IDLE_MS)
  }
  expect(Date.now() - (await read(row)).lastUsedAt.getTime()).toBeLessThan(DAY_MS)
})

it('counts a use that was saved before the clock was set back as one of now', async () => {
  const ahead = await sleepers.instance(-40 * DAY_MS)
  const soon = await sleepers.instance(-1_000)
  const one = await sleepers.process('one')
  one.quiet()
  await one.sweep()
  expect(await endsAfterMs(ahead)).toBe(IDLE_MS)
  const usedAt = (await read(ahead)).lastUsedAt
  expect(usedAt.getTime() - Date.now()).toBeLessThan(DAY_MS)
  expect(one.cache.get(ahead.id)?.lastUsedAt).toEqual(usedAt)
  expect(await read(soon)).toMatchObject({ version: soon.version, lastUsedAt: soon.lastUsedAt })
})

it('writes no row anew whose time is right', async () => {
  const row = await sleepers.instance()
  const { store } = await sleepers.process('one')
  await store.setDeadlines(POLICIES.descents)
  const place = () =>
    sleepers.database.db.select({ place: sql`ctid::text` }).from(instances).where(eq(instances.id, row.id))
  const before = await place()
  await store.setDeadlines(POLICIES.descents)
  expect(await place()).toEqual(before)
})

it('ends a tier, and what was begun for it, with every new wish', async () => {
  const row = await sleepers.instance()
  const { store } = await sleepers.process('one')
  const tenants = createTenantStore(sleepers.database)
  const wishes = {
    visit: () => tenants.keepAwake(row.id, { retry: false }),
    command: () => tenants.setDesired(row.id, 'awake'),
    sleep: async () => {
      await store.sign('one', await store.unsigned('one'))
      await store.putToSleep()
    },
    exit: async () => tenants.observe(await read(row), { observed: 'stopped', desired: 'asleep' }),
  }
  for (const wish of [wishes.visit, wishes.command, wishes.sleep, wishes.exit]) {
    await sleepers.database.db
      .update(instances)
      .set({ desired: 'awake', lastUsedAt: sql`now() - interval '1 hour'` })
    await store.setDeadlines(POLICIES.descents)
    expect(await store.markDue(POLICIES.descents)).toHaveLength(1)
    await wish()
    expect(await read(row)).toMatchObject({ tierEndsAt: null, closingAt: null })
  }
})

it('marks nothing whose tier goes on', async () => {
  const row = await sleepers.instance(IDLE_MS / 2)
  const { store } = await sleepers.process('one')
  await store.setDeadlines(POLICIES.descents)
  expect(await endsAfterMs(row)).toBe(IDLE_MS)
  expect(await store.markDue(POLICIES.descents)).toEqual([])
})

it('takes no time for a deadline that does not follow from the last use', async () => {
  // As a release that knows of no deadlines leaves it behind.
  const row = await sleepers.instance(1_000, { tierEndsAt: new Date(0) })
  const { store } = await sleepers.process('one')
  expect(await store.markDue(POLICIES.descents)).toEqual([])
  await store.setDeadlines(POLICIES.descents)
  expect(await endsAfterMs(row)).toBe(IDLE_MS)
})

it('goes down tier by tier as the rows of the policy say, and stays in the last', async () => {
  const day = { plan: 'standard', isFailed: false } as const
  // Tiers that the platform does not have yet.
  const way = (from: string, to: string, afterMs: number) => ({
    ...day,
    ...{ from: from as Tier, to: to as SleepTier, afterMs },
  })
  const descents = [
    way('awake', 'paused', 1_000),
    way('paused', 'asleep', 2_000),
    way('asleep', 'archived', 30 * DAY_MS),
  ]
  const row = await sleepers.instance(40 * DAY_MS)
  const fresh = await sleepers.instance(10_000)
  const one = await sleepers.process('one', { descents, roomDescents: [] })
  const seen: string[][] = []
  for (let sweeps = 0; sweeps < 4; sweeps++) {
    one.quiet()
    await one.sweep()
    seen.push([(await read(row)).desired, (await read(fresh)).desired])
  }
  expect(seen).toEqual([
    ['paused', 'paused'],
    ['asleep', 'asleep'],
    ['archived', 'asleep'],
    ['archived', 'asleep'],
  ])
  expect([await endsAfterMs(row), await endsAfterMs(fresh)]).toEqual([null, 30 * DAY_MS])
})
