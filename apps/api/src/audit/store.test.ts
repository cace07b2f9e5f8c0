import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { auditLog } from '../db/schema/index.ts'
import { openPrepared } from '../drivers/database/testing/prepared.ts'
import { createAudit } from './store.ts'
import { checkAppendOnly } from './testing/append-only.ts'

const DAY_MS = 86_400_000

it('forgets refused logins after a month, however many, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-audit-'))
  const database = await openPrepared(folder)
  let now = Date.now() - 31 * DAY_MS
  const audit = createAudit({ db: database.db, clock: { ...systemClock, now: () => now } })
  const entry = { actor: 'anonymous', target: 'unknown', address: '192.0.2.1' }
  await audit.record({ ...entry, action: 'login' })
  const at = new Date(now)
  const flood = Array.from({ length: 2_500 }, () => ({ ...entry, action: 'login_refused', at, detail: {} }))
  await database.db.insert(auditLog).values(flood)
  now = Date.now()
  await audit.record({ ...entry, action: 'login_refused' })
  await audit.deleteOld()
  const left = await database.db.select({ action: auditLog.action }).from(auditLog).orderBy(auditLog.id)
  expect(left.map(({ action }) => action)).toEqual(['login', 'login_refused'])
  await database.close()
  rmSync(folder, { recursive: true, force: true })
}, 180_000)

it('is append-only in PGlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-audit-'))
  const database = await openPrepared(folder)
  await checkAppendOnly(database)
  await database.close()
  rmSync(folder, { recursive: true, force: true })
}, 180_000)
