/** The SQL of claiming: how many accounts there are. */
import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../../db/database.ts'
import { users } from '../../db/schema/index.ts'

export const createClaimStore = ({ db }: Pick<Database, 'db'>) => ({
  owners: (): Promise<number> => db.$count(users),

  /** Of two claims at once the second waits here, and finds the first one's account. */
  async hasOwner(tx: Tx): Promise<boolean> {
    await tx.execute(sql`lock table ${users} in share row exclusive mode`)
    return (await tx.$count(users)) > 0
  },
})
