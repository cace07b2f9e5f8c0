import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { handles, instances, processes, users } from '../db/schema.ts'
import { openPglite } from '../drivers/database/pglite.ts'
import { createInstanceMirror } from './mirror.ts'
import { createSleepStore } from './sleep-store.ts'
import { createTenantStore, type InstanceRow } from './store.ts'
import { createSweeper } from './sweeper.ts'
import { createUsage } from './usage.ts'

const IDLE_MS = 60_000
const ADDRESS = '10.0.0.9:4000'
const log = pino({ level: 'silent' })

let database: Database
const folder = mkdtempSync(join(tmpdir(), 'mos-sweeper-'))
beforeAll(async () => {
  database = await openPglite({ folder })
  await database.migrate()
}, 180_000)
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await database.db.delete(processes)
  await database.db.delete(instances)
})

/** A running instance that was last used so long ago. */
async function instance(idleMs = 2 * IDLE_MS, seen: Partial<InstanceRow> = {}): Promise<InstanceRow> {
  const handle = `h${randomBytes(4).toString('hex')}`
  const userId = newId('usr', systemClock)
  const { db } = database
  await db.insert(handles).values({ handle })
  const webauthnId = systemClock.random(64)
  await db
    .insert(users)
    .values({ id: userId, handle, displayName: handle, webauthnId, createdAt: new Date() })
  const store = createTenantStore(database)
  const start = { desired: 'awake', error: null, createdAt: new Date() } as const
  const made = { id: newId('ins', systemClock), userId, handle, image: 'i', ...start }
  const { id } = await store.insert(db, made)
  const past = sql`now() - ${`${idleMs} milliseconds`}::interval`
  const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null }
  const set = { observed: 'running', address, lastUsedAt: past, observedAt: past, ...seen } as const
  const [row] = await db.update(instances).set(set).where(eq(instances.id, id)).returning()
  if (!row) throw new Error('The row was not written.')
  return row
}

/** One api process; `pass` moves its own clock. */
async function process(id: string) {
  const store = createSleepStore(database)
  await store.checkIn(id)
  const tenants = createTenantStore(database)
  const mirror = await createInstanceMirror({ store: tenants, database, processId: id, log })
  let now = 1_000_000
  const usage = createUsage({ mirror, now: Date.now, monotonic: () => now })
  const slept: string[] = []
  const kick = (instanceId: string) => slept.push(instanceId)
  const sweeper = createSweeper({ store, mirror, usage, processId: id, kick, log, idleLimitMs: IDLE_MS })
  return {
    mirror,
    usage,
    store,
    slept,
    sweep: sweeper.sweep,
    makeRoom: sweeper.makeRoom,
    pass: (ms: number) => {
      now += ms
    },
    quiet: () => {
      now += 1
      usage.report({ counts: {} })
    },
  }
}

const desired = async ({ id }: InstanceRow) => {
  const [row] = await database.db.select().from(instances).where(eq(instances.id, id))
  return row?.closingAt ? 'closing' : row?.desired
}

it('puts to sleep what is idle, once the edge has said that nothing is in flight', async () => {
  const row = await instance()
  const one = await process('one')
  await one.sweep()
  expect(await desired(row)).toBe('awake')
  one.quiet()
  await one.sweep()
  expect([await desired(row), one.slept]).toEqual(['asleep', [row.id]])
})

it('leaves alone what was used within the limit, or is in flight', async () => {
  const recent = await instance(IDLE_MS / 2)
  const one = await process('one')
  one.quiet()
  await one.sweep()
  expect(await desired(recent)).toBe('awake')
})

it('counts an open stream as use for as long as it is open', async () => {
  const row = await instance()
  const one = await process('one')
  one.pass(1)
  one.usage.report({ counts: { [ADDRESS]: 1 } })
  await one.sweep()
  one.pass(20_000)
  one.usage.report({ counts: { [ADDRESS]: 1 } })
  await one.sweep()
  expect(await desired(row)).toBe('awake')
})

it('believes no report that is older than the last use, or too old', async () => {
  const row = await instance()
  const one = await process('one')
  one.quiet()
  one.pass(16_000)
  await one.sweep()
  expect(await desired(row)).toBe('awake')
})

it('waits for every process that lives, and lets any of them finish', async () => {
  const row = await instance()
  const [one, two] = [await process('one'), await process('two')]
  one.quiet()
  await one.sweep()
  expect(await desired(row)).toBe('closing')
  two.quiet()
  await two.sweep()
  expect([await desired(row), one.slept, two.slept]).toEqual(['asleep', [], [row.id]])
})

it('goes on without a process that has not been seen for long', async () => {
  const row = await instance()
  const one = await process('one')
  await process('dead')
  await database.db
    .update(processes)
    .set({ seenAt: sql`now() - interval '16 seconds'` })
    .where(eq(processes.id, 'dead'))
  one.quiet()
  await one.sweep()
  expect(await desired(row)).toBe('asleep')
})

it('keeps awake what another process let somebody into at that very moment', async () => {
  const row = await instance()
  const [one, two] = [await process('one'), await process('two')]
  one.quiet()
  await one.sweep()
  // By its memory alone: it has not heard that the instance is closing.
  two.usage.touch(row.id)
  two.quiet()
  await two.sweep()
  expect(await desired(row)).toBe('awake')
  one.quiet()
  await one.sweep()
  expect([await desired(row), one.slept, two.slept]).toEqual(['awake', [], []])
})

it('keeps awake what another process has a stream open to', async () => {
  const row = await instance()
  const [one, two] = [await process('one'), await process('two')]
  two.usage.report({ counts: { [ADDRESS]: 1 } })
  one.quiet()
  await one.sweep()
  await two.sweep()
  await one.sweep()
  expect(await desired(row)).toBe('awake')
})

it('takes the mark away for whoever comes before it sleeps', async () => {
  const row = await instance()
  const [one] = [await process('one'), await process('two')]
  one.quiet()
  await one.sweep()
  const kept = await createTenantStore(database).keepAwake(row.id, { retry: false })
  expect(kept).toMatchObject({ desired: 'awake', closingAt: null })
  await one.sweep()
  expect(await desired(row)).toBe('awake')
})

it('sleeps beside a process that no edge is connected to, once that has let nobody in for a while', async () => {
  const row = await instance()
  const [one, bare] = [await process('one'), await process('bare')]
  one.quiet()
  await one.sweep()
  await bare.sweep()
  await one.sweep()
  expect(await desired(row)).toBe('closing')
  bare.pass(15_000)
  await bare.sweep()
  await one.sweep()
  expect(await desired(row)).toBe('asleep')
})

it('keeps a use until it is saved, and one that came meanwhile until the next time', async () => {
  const row = await instance()
  const { usage, pass } = await process('one')
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

it('saves uses for other processes to read, and never an older one', async () => {
  const row = await instance()
  const { store } = await process('one')
  const other = await process('other')
  await store.saveUses([{ id: row.id, agoMs: 1_000 }])
  await store.saveUses([{ id: row.id, agoMs: 3_600_000 }])
  await other.mirror.reload()
  expect(Date.now() - other.usage.lastUsedAt(row.id)).toBeLessThan(IDLE_MS)
})

it('counts no start as use: what restarts by itself goes to sleep all the same', async () => {
  const row = await instance(2 * IDLE_MS, { observedAt: new Date() })
  const one = await process('one')
  one.quiet()
  await one.sweep()
  expect(await desired(row)).toBe('asleep')
})

it('lets rest what does not run and nobody has visited', async () => {
  const row = await instance(2 * IDLE_MS, { observed: 'failed', failures: 3, nextAttemptAt: new Date() })
  const one = await process('one')
  one.quiet()
  await one.sweep()
  expect(await desired(row)).toBe('asleep')
  expect(one.mirror.get(row.id)).toMatchObject({ failures: 0, nextAttemptAt: null })
})

it('makes room with the longest idle alone, and with none that somebody just used', async () => {
  const [older, old, recent] = [await instance(30_000), await instance(20_000), await instance(10_000)]
  const one = await process('one')
  one.quiet()
  await one.makeRoom(1)
  expect(one.slept).toEqual([older.id])
  await one.makeRoom(4)
  expect(one.slept).toEqual([older.id, old.id])
  expect(await desired(recent)).toBe('awake')
})

it('makes no room with what was used after the mark', async () => {
  const row = await instance(20_000)
  const [one, two] = [await process('one'), await process('two')]
  one.quiet()
  await one.makeRoom(1)
  expect(await desired(row)).toBe('closing')
  two.usage.touch(row.id)
  two.quiet()
  await two.sweep()
  one.quiet()
  await one.sweep()
  expect([await desired(row), one.slept, two.slept]).toEqual(['awake', [], []])
})
