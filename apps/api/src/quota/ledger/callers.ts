/** Whose token it is. Hashes alone are compared, by the index: what leaks from its timing is of no use. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { aiTokens, instances, ownKeys, users } from '../../db/schema/index.ts'
import type { Caller } from '../../ports/ledger.ts'

export function createCallers({ db }: Pick<Database, 'db'>) {
  return {
    /** One row for each own key, or one without. */
    async callerOf(tokenHash: string): Promise<Caller | null> {
      const rows = await db
        .select({
          instance: {
            id: instances.id,
            handle: instances.handle,
            plan: instances.plan,
            address: instances.address,
          },
          userId: users.id,
          key: ownKeys,
        })
        .from(aiTokens)
        .innerJoin(instances, eq(instances.id, aiTokens.instanceId))
        .innerJoin(users, eq(users.id, instances.userId))
        .leftJoin(ownKeys, eq(ownKeys.userId, users.id))
        .where(
          and(
            ...[eq(aiTokens.hash, tokenHash), isNull(users.suspendedAt)],
            ...[
              eq(instances.isSuspended, sql`false`),
              sql`${instances.desired} not in ('leaving', 'deleted')`,
            ],
          ),
        )
      const [row] = rows
      if (!row) return null
      const { id, handle, plan, address } = row.instance
      const keys = rows.flatMap(({ key }) => (key ? [key] : []))
      return {
        ...{ userId: row.userId, instanceId: id, handle, plan, host: address?.host ?? null },
        ownKeys: Object.fromEntries(
          keys.map(({ provider, keyVersion, iv, ciphertext }) => [provider, { keyVersion, iv, ciphertext }]),
        ),
      }
    },
  }
}
