/** The SQL of challenges. */
import { and, eq, lte, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { type ChallengePurpose, challenges } from '../../db/schema/index.ts'

export type ChallengeRow = typeof challenges.$inferSelect

export type ChallengeStore = ReturnType<typeof createChallengeStore>

export function createChallengeStore({ db }: Pick<Database, 'db'>) {
  return {
    async insertChallenge(row: Omit<ChallengeRow, 'attempts'>): Promise<void> {
      await db.insert(challenges).values(row)
    },

    /** Spends a challenge: whatever comes of it, it is gone. */
    async takeChallenge(id: ChallengeRow['id'], purpose: ChallengePurpose, browserHash: string) {
      const mine = and(
        eq(challenges.id, id),
        eq(challenges.purpose, purpose),
        eq(challenges.browserHash, browserHash),
      )
      const rows = await db.delete(challenges).where(mine).returning()
      return rows[0] ?? null
    },

    /** Counts an attempt at a challenge that allows several; `null` when they are used up. */
    async tryChallenge(
      id: ChallengeRow['id'],
      purpose: ChallengePurpose,
      browserHash: string,
      attempts: number,
    ) {
      const mine = and(
        eq(challenges.id, id),
        eq(challenges.purpose, purpose),
        eq(challenges.browserHash, browserHash),
      )
      const left = sql`${challenges.attempts} < ${attempts}`
      const set = { attempts: sql`${challenges.attempts} + 1` }
      const rows = await db.update(challenges).set(set).where(and(mine, left)).returning()
      return rows[0] ?? null
    },

    async deleteExpired(now: Date): Promise<void> {
      await db.delete(challenges).where(lte(challenges.expiresAt, now))
    },
  }
}
