/** Where imports stand, by the database's own clock. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { handles, homeImports, users } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createTenantStore } from '../store.ts'
import { createImportStore } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-imports-'))
const ID = newId('ins', systemClock)
const [ONE, OTHER] = ['a'.repeat(32), 'b'.repeat(32)] as const
const WHO = { actor: 'server', address: '' } as const
const DONE = { status: 'done', doneBytes: 9, totalBytes: 9, message: null, manifest: null } as const
let database: Database
let imports: ReturnType<typeof createImportStore>
beforeAll(async () => {
  database = await openPrepared(folder)
  const { db } = database
  const userId = newId('usr', systemClock)
  const handle = 'moving'
  await db.insert(handles).values({ handle })
  const person = { id: userId, handle, displayName: handle, webauthnId: systemClock.random(64) }
  await db.insert(users).values({ ...person, createdAt: new Date() })
  const start = { desired: 'awake', error: null, createdAt: new Date() } as const
  await createTenantStore(database).insert(db, { id: ID, userId, handle, image: 'i', ...start })
  imports = createImportStore(database)
}, 180_000)
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})
const seen = (when: string) => database.db.update(homeImports).set({ seenAt: sql`now() + ${when}::interval` })

it('begins one import at a time, and the next when it is over', async () => {
  expect(await imports.of(ID)).toBeNull()
  const both = await Promise.all([
    imports.begin(ID, { uploadId: ONE, totalBytes: 9, who: WHO }),
    imports.begin(ID, { uploadId: OTHER, totalBytes: 9, who: WHO }),
  ])
  expect(both).toEqual([true, false])
  await imports.write(ID, ONE, DONE)
  expect(await imports.of(ID)).toEqual({ state: DONE, isLost: false })
  expect(await imports.begin(ID, { uploadId: OTHER, totalBytes: 5, who: WHO })).toBe(true)
  const fresh = { status: 'unpacking', doneBytes: 0, totalBytes: 5, message: null, manifest: null }
  expect(await imports.of(ID)).toEqual({ state: fresh, isLost: false })
})

it('takes no word of one that another has followed', async () => {
  await imports.write(ID, ONE, DONE)
  expect((await imports.of(ID))?.state.status).toBe('unpacking')
})

it.each(['-1 minute', '1 hour'])('counts one as lost that was last seen %s from now', async (when) => {
  await seen(when)
  expect((await imports.of(ID))?.isLost).toBe(true)
  expect(await imports.lost()).toEqual([{ instanceId: ID, uploadId: OTHER }])
  expect(await imports.begin(ID, { uploadId: ONE, totalBytes: 5, who: WHO })).toBe(false)
  const job = await imports.job(ID, OTHER)
  expect(job).toMatchObject({ uploadId: OTHER, who: WHO, state: { status: 'unpacking', totalBytes: 5 } })
  expect(await imports.job(ID, ONE)).toBeNull()
  if (job) await imports.write(ID, OTHER, job.state)
  expect(await imports.lost()).toEqual([])
})

it('keeps what is over for a day, and forgets what it is told to', async () => {
  await imports.write(ID, OTHER, DONE)
  await seen('-23 hours')
  await imports.deleteOld()
  expect(await imports.of(ID)).toMatchObject({ isLost: false })
  await seen('-25 hours')
  await imports.deleteOld()
  expect(await imports.of(ID)).toBeNull()
  await imports.begin(ID, { uploadId: ONE, totalBytes: 9, who: WHO })
  await imports.forget(ID)
  expect(await imports.of(ID)).toBeNull()
})
