/** What one api process puts to sleep, and what counts as use. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { WAITS_FOR_MEMORY } from '../reconcile/admission.ts'
import { IDLE_MS } from '../testing/policies.ts'
import { ADDRESS, openSleepers } from './testing/sleepers.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

it('puts to sleep what is idle, once the edge has said that nothing is in flight', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
  one.quiet()
  await one.sweep()
  expect([await sleepers.desired(row), one.slept]).toEqual(['asleep', [row.id]])
})

it('leaves alone what was used within the limit, or is in flight', async () => {
  const recent = await sleepers.instance(IDLE_MS / 2)
  const one = await sleepers.process('one')
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(recent)).toBe('awake')
})

it('counts an open stream as use for as long as it is open', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  one.pass(1)
  one.usage.report({ counts: { [ADDRESS]: 1 } })
  await one.sweep()
  one.pass(20_000)
  one.usage.report({ counts: { [ADDRESS]: 1 } })
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
})

it('believes no report that is too old', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  one.quiet()
  one.pass(16_000)
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
})

it('takes no report for quiet that is older than the last use: what came in between is not in it', async () => {
  const { id } = await sleepers.instance()
  const one = await sleepers.process('one')
  one.quiet()
  one.usage.touch(id)
  expect(one.usage.isQuiet(id)).toBe(false)
  one.quiet()
  expect(one.usage.isQuiet(id)).toBe(true)
})

it('keeps a use until it is saved, and one that came meanwhile until the next time', async () => {
  const row = await sleepers.instance()
  const { usage, pass } = await sleepers.process('one')
  usage.touch(row.id)
  pass(5)
  const [first] = [usage.unsaved()]
  expect(first).toMatchObject([{ id: row.id, agoMs: 5 }])
  expect(usage.unsaved()).toEqual(first)
  pass(5)
  usage.touch(row.id)
  usage.saved(first)
  expect(usage.unsaved()).toMatchObject([{ id: row.id, agoMs: 0 }])
  usage.saved(usage.unsaved())
  expect(usage.unsaved()).toEqual([])
})

it('keeps the uses that the database did not take', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  one.usage.touch(row.id)
  vi.spyOn(one.store, 'saveUses').mockRejectedValueOnce(new Error('away'))
  one.quiet()
  await expect(one.sweep()).rejects.toThrow('away')
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('awake')
  expect(one.usage.unsaved()).toEqual([])
})

it('counts no start as use: what restarts by itself goes to sleep all the same', async () => {
  const row = await sleepers.instance(2 * IDLE_MS, { observedAt: new Date() })
  const one = await sleepers.process('one')
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('lets rest what does not run and nobody has visited', async () => {
  const row = await sleepers.instance(2 * IDLE_MS, {
    observed: 'failed',
    failures: 3,
    nextAttemptAt: new Date(),
  })
  const one = await sleepers.process('one')
  one.quiet()
  await one.sweep()
  expect(await sleepers.desired(row)).toBe('asleep')
  expect(one.cache.get(row.id)).toMatchObject({ failures: 0, nextAttemptAt: null })
})

it('says no longer that a start waits for memory once it rests', async () => {
  const queued = { observed: 'stopped', step: 'queued' } as const
  const waiting = await sleepers.instance(2 * IDLE_MS, { ...queued, error: WAITS_FOR_MEMORY })
  const crashed = { code: 'instance_unhealthy', message: 'It ended.' } as const
  const failed = await sleepers.instance(2 * IDLE_MS, { observed: 'failed', error: crashed })
  const one = await sleepers.process('one')
  one.quiet()
  await one.sweep()
  expect(one.cache.get(waiting.id)).toMatchObject({ desired: 'asleep', step: null, error: null })
  expect(one.cache.get(failed.id)).toMatchObject({ desired: 'asleep', error: crashed })
})

it('makes room with the longest idle alone, and with none that somebody just used', async () => {
  const [older, old, recent] = [
    await sleepers.instance(30_000),
    await sleepers.instance(20_000),
    await sleepers.instance(10_000),
  ]
  const one = await sleepers.process('one')
  one.quiet()
  await one.makeRoom(1)
  expect(one.slept).toEqual([older.id])
  await one.makeRoom(4)
  expect(one.slept).toEqual([older.id, old.id])
  expect(await sleepers.desired(recent)).toBe('awake')
})
