/** The SQL of plans, and of who is on which. */
import { FIRST_PLAN, type InstanceId, type Plan, type PlanTerms, type UserId } from '@matrixos/shared'
import { asc, eq, sql } from 'drizzle-orm'
import type { Database, DbOrTx, Tx } from '../../db/database.ts'
import { instances, plans, users } from '../../db/schema/index.ts'
import { firstOf, type InstanceRow, nextVersion } from '../row-sql.ts'

export interface StoredPlan {
  key: Plan
  title: string
  terms: unknown
}

export type PlanStore = ReturnType<typeof createPlanStore>

export const createPlanStore = ({ db }: Pick<Database, 'db'>) => ({
  /** The plan of everybody who was given no other is always there. */
  async seed(): Promise<void> {
    await db.insert(plans).values({ key: FIRST_PLAN, title: 'Standard', terms: {} }).onConflictDoNothing()
  },

  all: async (by: DbOrTx = db): Promise<StoredPlan[]> => by.select().from(plans).orderBy(asc(plans.key)),

  /** With how many computers are on each, and who changed it. */
  listed: async () =>
    db
      .select({
        plan: plans,
        people: db.$count(instances, sql`${instances.plan} = ${plans.key}`),
        updatedBy: users.handle,
      })
      .from(plans)
      .leftJoin(users, eq(users.id, plans.updatedBy))
      .orderBy(asc(plans.key)),

  /** Locked, until the transaction ends. */
  locked: async (tx: Tx, key: Plan) =>
    firstOf(await tx.select().from(plans).where(eq(plans.key, key)).for('update')),

  async write(
    tx: Tx,
    plan: { key: Plan; title: string; terms: PlanTerms; updatedAt: Date; updatedBy: UserId },
  ): Promise<void> {
    const { key, ...set } = plan
    await tx.insert(plans).values(plan).onConflictDoUpdate({ target: plans.key, set })
  },

  remove: async (tx: Tx, key: Plan) => void (await tx.delete(plans).where(eq(plans.key, key))),

  peopleOn: async (tx: DbOrTx, key: Plan): Promise<number> => tx.$count(instances, eq(instances.plan, key)),

  /** `null`: they have no computer. */
  instanceOf: async (tx: Tx, userId: UserId): Promise<InstanceRow | null> =>
    firstOf(await tx.select().from(instances).where(eq(instances.userId, userId)).for('update')),

  assign: async (tx: Tx, id: InstanceId, plan: Plan): Promise<InstanceRow | null> =>
    firstOf(
      await tx.update(instances).set({ plan, version: nextVersion }).where(eq(instances.id, id)).returning(),
    ),
})
