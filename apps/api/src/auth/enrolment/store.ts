/** The SQL of enrolment links. */
import type { UserId } from '@matrixos/shared'
import { and, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm'
import type { Database, Tx } from '../../db/database.ts'
import { oneTimeLinks, users } from '../../db/schema/index.ts'

export type LinkRow = typeof oneTimeLinks.$inferSelect

export type EnrolmentStore = ReturnType<typeof createEnrolmentStore>

const isEnrolment = eq(oneTimeLinks.purpose, 'enrol')

export function createEnrolmentStore({ db }: Pick<Database, 'db'>) {
  /** Whoever is no administrator any more comes into nobody's account by a link from before. */
  const issuers = db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.suspendedAt)))
  const isBacked = or(eq(oneTimeLinks.createdBy, 'server'), inArray(oneTimeLinks.createdBy, issuers))

  return {
    /** In place of the person's earlier ones: the newest link counts alone. */
    async replace(tx: Tx, row: Omit<LinkRow, 'purpose'>): Promise<void> {
      await tx.delete(oneTimeLinks).where(and(eq(oneTimeLinks.userId, row.userId), isEnrolment))
      await tx.insert(oneTimeLinks).values({ ...row, purpose: 'enrol' })
    },

    async find(hash: string, now: Date): Promise<{ link: LinkRow; handle: string } | null> {
      const rows = await db
        .select({ link: oneTimeLinks, handle: users.handle })
        .from(oneTimeLinks)
        .innerJoin(users, eq(users.id, oneTimeLinks.userId))
        .where(and(eq(oneTimeLinks.hash, hash), isEnrolment, isBacked, gt(oneTimeLinks.expiresAt, now)))
      return rows[0] ?? null
    },

    /** Uses it up; `false` when somebody else did, or its time is over. */
    async spend(tx: Tx, hash: string, userId: UserId, now: Date): Promise<boolean> {
      const valid = and(eq(oneTimeLinks.userId, userId), isBacked, gt(oneTimeLinks.expiresAt, now))
      const spent = await tx
        .delete(oneTimeLinks)
        .where(and(eq(oneTimeLinks.hash, hash), isEnrolment, valid))
        .returning()
      return spent.length > 0
    },

    /** Of whatever purpose. */
    async deleteExpired(now: Date): Promise<void> {
      await db.delete(oneTimeLinks).where(lte(oneTimeLinks.expiresAt, now))
    },
  }
}
