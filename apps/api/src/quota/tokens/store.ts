/** The SQL of the tokens that instances call the AI proxy with. */
import type { InstanceId } from '@matrixos/shared'
import { and, count, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { aiTokens, instances } from '../../db/schema/index.ts'
import type { AiTokenSubject } from './token.ts'

export type AiTokenStore = ReturnType<typeof createAiTokenStore>

export function createAiTokenStore({ db }: Pick<Database, 'db'>) {
  return {
    /** The token of that generation is good from here on. One that another secret made for it is good no longer. */
    async keep({ id, aiTokenGeneration }: AiTokenSubject, hash: string): Promise<void> {
      await db
        .insert(aiTokens)
        .values({ hash, instanceId: id, generation: aiTokenGeneration, createdAt: sql`now()` })
        .onConflictDoUpdate({
          target: [aiTokens.instanceId, aiTokens.generation],
          set: { hash, createdAt: sql`now()` },
          setWhere: ne(aiTokens.hash, hash),
        })
    },

    /** Of what is stopped, and would start with a token that is older than that. */
    async outdated(ageMs: number): Promise<InstanceId[]> {
      const isCurrent = eq(aiTokens.generation, instances.aiTokenGeneration)
      const isOld = sql`${aiTokens.createdAt} < now() - ${`${Math.round(ageMs)} milliseconds`}::interval`
      const isStopped = and(eq(instances.observed, 'stopped'), isNull(instances.leaseOwner))
      const rows = await db
        .select({ id: instances.id })
        .from(instances)
        .innerJoin(aiTokens, and(eq(aiTokens.instanceId, instances.id), isCurrent))
        .where(and(isStopped, isOld))
      return rows.map(({ id }) => id)
    },

    /** Instances of which more than one token is good. */
    async withSeveral(): Promise<Set<InstanceId>> {
      const rows = await db
        .select({ id: aiTokens.instanceId })
        .from(aiTokens)
        .groupBy(aiTokens.instanceId)
        .having(sql`${count()} > 1`)
      return new Set(rows.map(({ id }) => id))
    },

    /** Ends the tokens that are older than the one of that generation. */
    async endOlder({ id, aiTokenGeneration }: AiTokenSubject): Promise<void> {
      const isOlder = sql`${aiTokens.generation} < ${aiTokenGeneration}`
      await db.delete(aiTokens).where(and(eq(aiTokens.instanceId, id), isOlder))
    },
  }
}
