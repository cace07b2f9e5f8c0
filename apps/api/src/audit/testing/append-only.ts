/** What the database itself lets nobody do to the audit log, whichever database it is. */
import { eq, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Database } from '../../db/database.ts'
import { auditLog } from '../../db/schema/index.ts'

const DAY_MS = 86_400_000

export async function checkAppendOnly({ db }: Pick<Database, 'db'>): Promise<void> {
  const entry = { actor: 'a', target: 't', address: '192.0.2.1', detail: {} }
  const old = new Date(Date.now() - 31 * DAY_MS)
  await db.insert(auditLog).values([
    { ...entry, action: 'role_changed', at: old },
    { ...entry, action: 'login_refused', at: old },
    { ...entry, action: 'login_refused', at: new Date() },
  ])
  const refused = { cause: expect.objectContaining({ message: 'the audit log is append-only' }) }
  const kept = eq(auditLog.action, 'role_changed')
  await expect(db.update(auditLog).set({ actor: 'b' }).where(kept)).rejects.toMatchObject(refused)
  await expect(db.delete(auditLog).where(kept)).rejects.toMatchObject(refused)
  await expect(db.delete(auditLog)).rejects.toMatchObject(refused)
  await expect(db.execute(sql`truncate ${auditLog}`)).rejects.toMatchObject(refused)
  // A refused sign-in neither ages faster nor becomes one by a change.
  const young = sql`${auditLog.action} = 'login_refused' and ${auditLog.at} > now() - interval '1 day'`
  await expect(db.delete(auditLog).where(young)).rejects.toMatchObject(refused)
  await expect(db.update(auditLog).set({ at: old }).where(young)).rejects.toMatchObject(refused)
  expect(await db.$count(auditLog)).toBe(3)
  const aged = sql`${auditLog.action} = 'login_refused' and ${auditLog.at} < now() - interval '29 days'`
  expect(await db.delete(auditLog).where(aged).returning({ id: auditLog.id })).toHaveLength(1)
}
