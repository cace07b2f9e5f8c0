/** People and their credentials: the SQL of accounts. */
import type { UserId } from '@matrixos/shared'
import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { handles, passkeys, totpLogins, users } from '../db/schema.ts'

export type UserRow = typeof users.$inferSelect
export type PasskeyRow = typeof passkeys.$inferSelect
export type TotpRow = typeof totpLogins.$inferSelect

/** Wrong codes until the fallback login rests, and for how long. */
export const TOTP_GUESSES = 5
const TOTP_REST_MS = 15 * 60_000

export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Who stands in the way of claiming a handle: its owner, or the time after its owner left. */
    async claimOn(handle: string, now: Date): Promise<'none' | 'owner' | 'quarantined'> {
      const rows = await db.select().from(handles).where(eq(handles.handle, handle))
      const row = rows[0]
      if (!row) return 'none'
      if (row.quarantinedUntil === null) return 'owner'
      return row.quarantinedUntil > now ? 'quarantined' : 'none'
    },

    /** `false` when somebody has it. A handle whose quarantine is over is given again. */
    async claimHandle(tx: DbOrTx, handle: string, now: Date): Promise<boolean> {
      const over = lte(handles.quarantinedUntil, now)
      const claimed = await tx
        .insert(handles)
        .values({ handle })
        .onConflictDoUpdate({ target: handles.handle, set: { quarantinedUntil: null }, setWhere: over })
        .returning()
      return claimed.length > 0
    },

    async insertUser(tx: DbOrTx, row: UserRow): Promise<void> {
      await tx.insert(users).values(row)
    },
    async insertPasskey(tx: DbOrTx, row: PasskeyRow): Promise<void> {
      await tx.insert(passkeys).values(row)
    },
    async insertTotp(
      tx: DbOrTx,
      row: Pick<TotpRow, 'userId' | 'passwordHash' | 'sealedSecret' | 'lastStep'>,
    ) {
      await tx.insert(totpLogins).values(row)
    },

    async user(id: UserId): Promise<{ user: UserRow; hasPasskey: boolean; hasTotp: boolean } | null> {
      const rows = await db
        .select()
        .from(users)
        .leftJoin(passkeys, eq(passkeys.userId, users.id))
        .leftJoin(totpLogins, eq(totpLogins.userId, users.id))
        .where(eq(users.id, id))
        .limit(1)
      const row = rows[0]
      return row
        ? { user: row.users, hasPasskey: row.passkeys !== null, hasTotp: row.totp_logins !== null }
        : null
    },

    async passkey(id: string): Promise<{ passkey: PasskeyRow; user: UserRow } | null> {
      const rows = await db
        .select({ passkey: passkeys, user: users })
        .from(passkeys)
        .innerJoin(users, eq(users.id, passkeys.userId))
        .where(eq(passkeys.id, id))
      return rows[0] ?? null
    },

    /** `false` when the counter moved meanwhile: two logins with one answer. */
    async usePasskey(
      key: PasskeyRow,
      seen: { newCounter: number; backedUp: boolean },
      now: Date,
    ): Promise<boolean> {
      const same = and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter))
      const set = { counter: seen.newCounter, backedUp: seen.backedUp, lastUsedAt: now }
      return (await db.update(passkeys).set(set).where(same).returning()).length > 0
    },

    async totp(handle: string): Promise<{ totp: TotpRow; user: UserRow } | null> {
      const rows = await db
        .select({ totp: totpLogins, user: users })
        .from(totpLogins)
        .innerJoin(users, eq(users.id, totpLogins.userId))
        .where(eq(users.handle, handle))
      return rows[0] ?? null
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
