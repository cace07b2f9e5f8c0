/** An instance with an AI call in flight is not put to sleep; the call is no use of it all the same. */
import { newId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { creditHolds } from '../../db/schema/index.ts'
import type { CallId } from '../../ports/ledger.ts'
import type { InstanceRow } from '../store.ts'
import { openSleepers } from './testing/sleepers.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  await sleepers.database.db.delete(creditHolds)
  await sleepers.empty()
})

/** A call in flight, whose proxy was last heard of so many seconds ago. */
async function call(row: InstanceRow, { silentS = 0, isDraining = false } = {}): Promise<CallId> {
  const id: CallId = newId('aic', systemClock)
  const owner = { userId: row.userId, instanceId: row.id }
  const fixed = { provider: 'anthropic', model: 'm', payer: 'platform', state: 'dispatched' } as const
  const heartbeatAt = sql`now() - ${`${silentS} seconds`}::interval`
  const hold = {
    ...owner,
    ...fixed,
    id,
    amount: 1n,
    proxyId: 'p',
    isDraining,
    createdAt: heartbeatAt,
    heartbeatAt,
  }
  await sleepers.database.db.insert(creditHolds).values(hold)
  return id
}

const settle = (id: CallId) => sleepers.database.db.delete(creditHolds).where(eq(creditHolds.id, id))

async function sweep(one: Awaited<ReturnType<typeof sleepers.process>>): Promise<void> {
  one.quiet()
  await one.sweep()
}

it('waits for the end of a call, and for no time after it', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  const id = await call(row)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  await settle(id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('waits as well for a call that began while it was about to sleep', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  // Another process keeps it from sleeping at once.
  await sleepers.process('two')
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('closing')
  const id = await call(row)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  await settle(id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('closing')
})

it.each([
  ['nobody waits for', { isDraining: true }],
  ['has lost its proxy', { silentS: 61 }],
])('does not wait for a call that %s', async (_, state) => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  await call(row, state)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('is about its own calls, not those of others', async () => {
  const [row, other] = [await sleepers.instance(), await sleepers.instance()]
  const one = await sleepers.process('one')
  await call(other)
  await sweep(one)
  expect([await sleepers.desired(row), await sleepers.desired(other)]).toEqual(['asleep', 'awake'])
})

it('makes no room with what is in the middle of a call', async () => {
  const [older, recent] = [await sleepers.instance(30_000), await sleepers.instance(20_000)]
  const one = await sleepers.process('one')
  await call(older)
  one.quiet()
  await one.makeRoom(1)
  expect(one.slept).toEqual([recent.id])
})
