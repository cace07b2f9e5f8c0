import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, instances, users } from '../db/schema/index.ts'
import { openPrepared } from '../drivers/database/testing/prepared.ts'
import { createTenantStore, type InstanceRow } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-tenants-'))
let database: Database
let row: InstanceRow
beforeAll(async () => {
  database = await openPrepared(folder)
  const { db } = database
  const userId = newId('usr', systemClock)
  const handle = 'leased'
  await db.insert(handles).values({ handle })
  const person = { id: userId, handle, displayName: handle, webauthnId: systemClock.random(64) }
  await db.insert(users).values({ ...person, createdAt: new Date() })
  const start = { desired: 'awake', error: null, createdAt: new Date() } as const
  const made = { id: newId('ins', systemClock), userId, handle, image: 'i', ...start }
  row = await createTenantStore(database).insert(db, made)
}, 180_000)
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const during = { observed: 'creating', step: null } as const
const begin = async (owner: string) => {
  const store = createTenantStore(database)
  const now = await store.byId(row.id)
  return now && store.begin(now, owner, during)
}
const leaseEnds = (when: string) =>
  database.db.update(instances).set({ leaseUntil: sql`now() + ${when}::interval` })

it("gives a lease to one process, and to another once it ran out by the database's clock", async () => {
  expect(await begin('first')).toMatchObject({ leaseOwner: 'first' })
  expect(await begin('second')).toBeNull()
  await leaseEnds('-1 millisecond')
  expect(await begin('second')).toMatchObject({ leaseOwner: 'second' })
})

it('gives away a lease that was taken before the clock was set back', async () => {
  await leaseEnds('1 hour')
  expect(await begin('third')).toMatchObject({ leaseOwner: 'third' })
})

it('writes what follows from disuse only where no process has saved a use', async () => {
  const store = createTenantStore(database)
  await database.db.update(instances).set({ leaseOwner: null, leaseUntil: null, lastUsedAt: sql`now()` })
  const slept = async () => {
    const now = await store.byId(row.id)
    return now && store.observe(now, { observed: 'stopped', desired: 'asleep' }, { unusedMs: 60_000 })
  }
  expect(await slept()).toBeNull()
  await database.db.update(instances).set({ lastUsedAt: sql`now() - interval '61 seconds'` })
  expect(await slept()).toMatchObject({ observed: 'stopped', desired: 'asleep' })
})

it('stops what may run with a token that is revoked, also what is just being started', async () => {
  const store = createTenantStore(database)
  const { db } = database
  const fresh = { desired: 'awake', leaseOwner: null, leaseUntil: null, tokenGeneration: 1 } as const
  for (const [observed, then] of [
    ['running', 'stopping'],
    ['paused', 'stopping'],
    ['stopped', 'stopped'],
    ['creating', 'creating'],
  ] as const) {
    await db.update(instances).set({ ...fresh, observed })
    expect(await store.revokeToken(row.id)).toMatchObject({
      observed: then,
      desired: 'awake',
      tokenGeneration: 2,
    })
  }

  await db.update(instances).set({ ...fresh, observed: 'stopped' })
  const stopped = await store.byId(row.id)
  const started = stopped && (await store.begin(stopped, 'starter', { observed: 'starting', step: 'start' }))
  expect(started).toMatchObject({ observed: 'starting', tokenGeneration: 1 })
  expect(await store.revokeToken(row.id)).toMatchObject({ observed: 'stopping', leaseOwner: 'starter' })
  const done = {
    observed: 'running',
    step: 'ready',
    error: null,
    failures: 0,
    nextAttemptAt: null,
    address: null,
  } as const
  expect(await store.finish(started ?? row, 'starter', done)).toMatchObject({
    observed: 'stopping',
    leaseOwner: null,
  })
})

it('wishes a deletion and writes that it was asked for, or neither', async () => {
  const store = createTenantStore(database)
  const desired = async () => (await store.byId(row.id))?.desired
  await database.db.update(instances).set({ desired: 'awake' })
  const killed = () => Promise.reject(new Error('Killed.'))
  await expect(store.requestDeletion(row.id, 0, killed)).rejects.toThrow('Killed.')
  expect(await desired()).toBe('awake')
  let notes = 0
  const note = async () => void notes++
  expect(await store.requestDeletion(row.id, 0, note)).toMatchObject({ desired: 'deleted' })
  expect(await store.requestDeletion(row.id, 0, note)).toBeNull()
  expect(notes).toBe(1)
})

it('takes a deletion back within its grace, and never after it', async () => {
  const store = createTenantStore(database)
  const note = async () => undefined
  const again = { desired: 'awake', deletionDueAt: null } as const
  await database.db.update(instances).set({ ...again, isSuspended: false })
  const leaving = await store.requestDeletion(row.id, 60_000, note)
  expect(leaving).toMatchObject({ desired: 'leaving', deletionDueAt: expect.any(Date) })
  expect(await store.requestDeletion(row.id, 60_000, note)).toBeNull()
  expect(await store.setDesired(row.id, 'awake')).toBeNull()
  expect(await store.keepAwake(row.id, { retry: true })).toBeNull()
  expect(await store.deleteDue()).toEqual([])
  const killed = () => Promise.reject(new Error('Killed.'))
  await expect(store.undoDeletion(row.id, killed)).rejects.toThrow('Killed.')
  expect(await store.undoDeletion(row.id, note)).toMatchObject(again)
  expect(await store.undoDeletion(row.id, note)).toBeNull()

  await store.requestDeletion(row.id, 60_000, note)
  await database.db.update(instances).set({ isSuspended: true })
  expect(await store.undoDeletion(row.id, note)).toMatchObject({ ...again, desired: 'asleep' })

  await store.requestDeletion(row.id, 60_000, note)
  await database.db.update(instances).set({ deletionDueAt: sql`now() - interval '1 second'` })
  expect(await store.deleteDue()).toMatchObject([{ id: row.id, desired: 'deleted' }])
  expect(await store.undoDeletion(row.id, note)).toBeNull()
  await database.db.update(instances).set({ ...again, isSuspended: false })
})

it('moves instances between the images that are named, and leaves those of any other image alone', async () => {
  const store = createTenantStore(database)
  const imageOf = async () => (await store.byId(row.id))?.image
  await store.changeImage('large', ['small', 'large'])
  expect(await imageOf()).toBe('i')
  await database.db.update(instances).set({ image: 'small' })
  const before = await store.byId(row.id)
  await store.changeImage('small', ['small', 'large'])
  expect(await store.byId(row.id)).toEqual(before)
  await store.changeImage('large', ['small', 'large'])
  expect(await imageOf()).toBe('large')
  expect((await store.byId(row.id))?.version).toBeGreaterThan(before?.version ?? Number.POSITIVE_INFINITY)
})

/** Whether what `write` wrote is on the disk when it returns. */
const isSynced = (
  write: (store: ReturnType<typeof createTenantStore>) => Promise<unknown>,
  name: Database['name'] = 'postgres',
) =>
  database.db.transaction(async (tx: DbOrTx) => {
    expect(await write(createTenantStore({ db: tx, name }))).not.toBeNull()
    const isOn = sql<boolean>`current_setting('synchronous_commit') <> 'off'`
    const [setting] = await tx.select({ isOn }).from(instances).limit(1)
    return setting?.isOn
  })

it('writes that a visitor wants it awake, and waits for no disk', async () => {
  await database.db.update(instances).set({ desired: 'paused' })
  expect(await isSynced((store) => store.keepAwake(row.id, { retry: false }))).toBe(false)
})

it('waits for the disk where the end of this process would be the end of the database', async () => {
  await database.db.update(instances).set({ desired: 'paused' })
  expect(await isSynced((store) => store.keepAwake(row.id, { retry: false }), 'pglite')).toBe(true)
})

it('waits for the disk where an owner commands', async () => {
  expect(await isSynced((store) => store.setDesired(row.id, 'awake'))).toBe(true)
})

it('waits for the disk where a start gives something up, and not where the engine would show it again', async () => {
  const { db } = database
  const free = { leaseOwner: null, leaseUntil: null, formerImage: null } as const
  const [read] = await db
    .update(instances)
    .set({ ...free, observed: 'stopped' })
    .returning()
  if (!read) throw new Error('There is no row.')
  const starting = { observed: 'starting', step: 'start' } as const
  expect(await isSynced((store) => store.begin(read, 'one', starting))).toBe(false)
  await db.update(instances).set({ ...free, version: read.version })
  expect(await isSynced((store) => store.begin(read, 'one', { ...starting, tokenGeneration: 1 }))).toBe(true)
  await db.update(instances).set({ ...free, version: read.version })
  const upgraded = { ...read, formerImage: 'before' }
  expect(await isSynced((store) => store.begin(upgraded, 'one', starting))).toBe(true)
})
