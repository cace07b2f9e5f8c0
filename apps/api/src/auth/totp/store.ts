/** The SQL of passwords with one-time codes. */
import { TOTP_GUESSES, type UserId } from '@matrixos/shared'
import { and, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { AuditEntry } from '../../audit/store.ts'
import type { Database, DbOrTx } from '../../db/database.ts'
import { auditLog, totpLogins, users } from '../../db/schema/index.ts'
import type { UserRow } from '../accounts/store.ts'

export type TotpRow = typeof totpLogins.$inferSelect

/** How long the fallback login rests after too many wrong codes. */
const TOTP_REST_MS = 15 * 60_000
const MOST_ADDRESSES = 1_000

export type TotpStore = ReturnType<typeof createTotpStore>

export function createTotpStore({ db }: Pick<Database, 'db'>) {
  return {
    async insertTotp(
      tx: DbOrTx,
      row: Pick<TotpRow, 'userId' | 'passwordHash' | 'sealedSecret' | 'lastStep'>,
    ) {
      await tx.insert(totpLogins).values(row)
    },

    async totp(handle: string): Promise<{ totp: TotpRow; user: UserRow } | null> {
      const rows = await db
        .select({ totp: totpLogins, user: users })
        .from(totpLogins)
        .innerJoin(users, eq(users.id, totpLogins.userId))
        .where(eq(users.handle, handle))
      return rows[0] ?? null
    },

    /** Where the person of this handle signed up or in from, since then; a handful at most, none for nobody's handle. */
    async addressesOf(handle: string, since: Date): Promise<string[]> {
      const rows = await db
        .selectDistinct({ address: auditLog.address })
        .from(auditLog)
        .innerJoin(users, eq(users.id, auditLog.actor))
        .where(
          and(
            eq(users.handle, handle),
            inArray(auditLog.action, ['login', 'account_created'] satisfies AuditEntry['action'][]),
            gt(auditLog.at, since),
          ),
        )
        .limit(MOST_ADDRESSES)
      return rows.map(({ address }) => address)
    },

    /** Takes one guess before it is judged, so that no more are judged than allowed, however many come at once. */
    async takeGuess(userId: UserId, now: Date): Promise<boolean> {
      const rested = or(isNull(totpLogins.lockedUntil), lte(totpLogins.lockedUntil, now))
      const failures = sql<number>`case when ${totpLogins.lockedUntil} is null then ${totpLogins.failures} + 1 else 1 end`
      const until = new Date(now.getTime() + TOTP_REST_MS).toISOString()
      const lockedUntil = sql<Date | null>`case when ${failures} >= ${TOTP_GUESSES} then ${until}::timestamptz else null end`
      const where = and(eq(totpLogins.userId, userId), rested)
      return (await db.update(totpLogins).set({ failures, lockedUntil }).where(where).returning()).length > 0
    },

    /** Accepts a code's time step once; `false` when it was already used. */
    async useStep(userId: UserId, step: number): Promise<boolean> {
      const where = and(eq(totpLogins.userId, userId), lt(totpLogins.lastStep, step))
      const set = { lastStep: step, failures: 0, lockedUntil: null }
      return (await db.update(totpLogins).set(set).where(where).returning()).length > 0
    },
  }
}
