/** What api processes put to sleep together: none of them while another has let somebody in. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { processes } from '../../db/schema/index.ts'
import { createTenantStore } from '../store.ts'
import { IDLE_MS, POLICIES } from '../testing/policies.ts'
import { ADDRESS, openSleepers } from './testing/sleepers.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

it('forgets processes that were killed long ago, although none ever signs off', async () => {
  const { db } = sleepers.database
  const killed = Array.from({ length: 20 }, (_, i) => ({
    id: `killed${i}`,
    seenAt: sql`now() - interval '2 hours'`,
  }))
  await db.insert(processes).values([...killed, { id: 'lately', seenAt: sql`now() - interval '1 minute'` }])
  await sleepers.process('one')
  expect((await db.select().from(processes)).map(({ id }) => id).sort()).toEqual(['lately', 'one'])
})

it('counts no signature under a mark that was taken away and made anew meanwhile', async () => {
  const { id } = await sleepers.instance()
  const { store } = await sleepers.process('one')
  const anyIdle = POLICIES.descents.map((way) => ({ ...way, afterMs: 0 }))
  await store.setDeadlines(POLICIES.descents)
  await store.markDue(POLICIES.descents)
  const read = await store.unsigned('one')
  await createTenantStore(sleepers.database).keepAwake(id, { retry: false })
  await store.setDeadlines(anyIdle)
  await store.markDue(anyIdle)
  await store.sign('one', read)
  expect(read).toHaveLength(1)
  expect(await store.unsigned('one')).toHaveLength(1)
})

it('waits for every process that lives, and lets any of them finish', async () => {
  const row = await sleepers.instance()
  const [one, two] = [await sleepers.process('one'), await sleepers.process('two')]
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('closing')
  two.quiet()
  await two.sweep()
  expect([await sleepers.desired(row), one.slept, two.slept]).toEqual(['asleep', [], [row.id]])
})

it('goes on without a process that has not been seen for long', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  await sleepers.process('dead')
  await sleepers.database.db
    .update(processes)
    .set({ seenAt: sql`now() - interval '16 seconds'` })
    .where(eq(processes.id, 'dead'))
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('keeps awake what another process let somebody into at that very moment', async () => {
  const row = await sleepers.instance()
  const [one, two] = [await sleepers.process('one'), await sleepers.process('two')]
  one.quiet()
  await one.sweep()
  // By its memory alone: it has not heard that the instance is closing.
  two.usage.touch(row.id)
  two.quiet()
  await two.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
  one.quiet()
  await one.sweep()
  expect([await sleepers.desired(row), one.slept, two.slept]).toEqual(['awake', [], []])
})

it('keeps awake what another process has a stream open to', async () => {
  const row = await sleepers.instance()
  const [one, two] = [await sleepers.process('one'), await sleepers.process('two')]
  two.usage.report({ counts: { [ADDRESS]: 1 } })
  one.quiet()
  await one.sweep()
  await two.sweep()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
})

it('takes the mark away for whoever comes before it sleeps', async () => {
  const row = await sleepers.instance()
  const [one] = [await sleepers.process('one'), await sleepers.process('two')]
  one.quiet()
  await one.sweep()
  const kept = await createTenantStore(sleepers.database).keepAwake(row.id, { retry: false })
  expect(kept).toMatchObject({ desired: 'awake', closingAt: null })
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
})

it('sleeps beside a process that no edge is connected to, once that has let nobody in for a while', async () => {
  const row = await sleepers.instance()
  const [one, bare] = [await sleepers.process('one'), await sleepers.process('bare')]
  one.quiet()
  await one.sweep()
  await bare.sweep()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('closing')
  bare.pass(15_000)
  await bare.sweep()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('saves uses for other processes to read, and never an older one', async () => {
  const row = await sleepers.instance()
  const { store } = await sleepers.process('one')
  const other = await sleepers.process('other')
  await store.saveUses([{ id: row.id, agoMs: 1_000 }])
  await store.saveUses([{ id: row.id, agoMs: 3_600_000 }])
  await other.cache.reload()
  expect(Date.now() - other.usage.lastUsedAt(row.id)).toBeLessThan(IDLE_MS)
})

it('makes no room with what was used after the mark', async () => {
  const row = await sleepers.instance(20_000)
  const [one, two] = [await sleepers.process('one'), await sleepers.process('two')]
  one.quiet()
  await one.makeRoom(1)
  expect(await sleepers.desired(row)).toBe('closing')
  two.usage.touch(row.id)
  two.quiet()
  await two.sweep()
  one.quiet()
  await one.sweep()
  expect([await sleepers.desired(row), one.slept, two.slept]).toEqual(['awake', [], []])
})
