import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { handles, users } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createSessionStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-sessions-'))
let database: Database
beforeAll(async () => {
  database = await openPrepared(folder)
}, 180_000)
afterAll(async () => {
  await database?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('keeps the session just opened, even when the clock was set back', async () => {
  const store = createSessionStore(database)
  const createdAt = new Date(Date.UTC(2030, 0, 1))
  const userId = newId('usr', systemClock)
  await database.db.insert(handles).values({ handle: 'ada' })
  const webauthnId = systemClock.random(64)
  await database.db
    .insert(users)
    .values({ id: userId, handle: 'ada', displayName: 'Ada', webauthnId, createdAt })
  const open = async (at: Date) => {
    const id = newId('ses', systemClock)
    const times = { createdAt: at, authenticatedAt: at, lastUsedAt: at, refreshedAt: at, expiresAt: at }
    await store.insertSession({
      id,
      userId,
      userAgent: 'test',
      address: '',
      method: 'passkey',
      ...times,
      refreshNumber: 0,
    })
    return id
  }
  const older = await open(createdAt)
  const newer = await open(new Date(Date.UTC(2030, 0, 2)))
  const opened = await open(new Date(Date.UTC(2029, 0, 1)))
  expect(await store.deleteOldest(userId, 2, opened)).toEqual([older])
  expect((await store.existing([older, newer, opened])).sort()).toEqual([newer, opened].sort())
})

it('finds what has expired by an index', async () => {
  const plan = await database.db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`)
    return await tx.execute(sql`explain delete from sessions where expires_at <= now()`)
  })
  expect(JSON.stringify(plan)).toContain('sessions_expiry')
})
