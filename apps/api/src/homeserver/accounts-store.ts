/** The SQL of accounts at the homeserver: which there are to be, and which there are. */
import { type InstanceId, MATRIX_ACCOUNT_KINDS, matrixLocalpart } from '@matrixos/shared'
import { and, eq, inArray, isNotNull, isNull, lte, ne, notExists, or, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { instances, matrixAccounts, matrixLogins, users } from '../db/schema/index.ts'
import type { Sealed } from '../seal.ts'

export type AccountRow = typeof matrixAccounts.$inferSelect

export interface KeptToken extends Sealed {
  tokenGeneration: number
  renewAt: Date | null
}

export type AccountStore = ReturnType<typeof createAccountStore>

/** Follows their person's name. */
export const AI_NAME = ' (AI)'
/** Of one handle, looked for at once. Nearly all are given out once. */
const TURNS = 8
const PRESENT = ['wanted', 'made'] as const
const NO_TOKEN = {
  ...{ keyVersion: null, iv: null, ciphertext: null, tokenGeneration: null, renewAt: null },
} as const

export function createAccountStore({ db }: Pick<Database, 'db'>) {
  const ofInstance = eq(matrixAccounts.instanceId, instances.id)
  const isPresent = inArray(matrixAccounts.state, PRESENT)

  /** How often that handle was given out, this time included. By whole names, which the key finds: a pattern would read all. */
  async function turnOf(handle: string, from = 1): Promise<number> {
    const names = Array.from({ length: TURNS }, (_, at) => matrixLocalpart(handle, 'person', from + at))
    const taken = await db
      .select({ name: matrixAccounts.localpart })
      .from(matrixAccounts)
      .where(inArray(matrixAccounts.localpart, names))
    const last = Math.max(-1, ...taken.map(({ name }) => names.indexOf(name)))
    return last < TURNS - 1 ? from + last + 1 : turnOf(handle, from + TURNS)
  }

  return {
    /** Writes down the accounts that instances have not yet, of so many of them; whether there were any. */
    async plan(most: number): Promise<boolean> {
      const has = db.select({ one: sql`1` }).from(matrixAccounts).where(and(ofInstance, isPresent))
      const lacking = await db
        .select({ id: instances.id, handle: instances.handle, name: users.displayName })
        .from(instances)
        .innerJoin(users, eq(users.id, instances.userId))
        .where(and(ne(instances.desired, 'deleted'), notExists(has)))
        .limit(most)
      for (const { id, handle, name } of lacking) {
        const turn = await turnOf(handle)
        const rows = MATRIX_ACCOUNT_KINDS.map((kind) => ({
          ...{ instanceId: id, kind, state: 'wanted' as const },
          localpart: matrixLocalpart(handle, kind, turn),
          displayName: kind === 'ai' ? `${name}${AI_NAME}` : name,
        }))
        // Another process may have been first.
        await db.insert(matrixAccounts).values(rows).onConflictDoNothing()
      }
      return lacking.length > 0
    },

    /** Marks the accounts of instances that are no more, or are about to be removed. */
    async markLeaving(): Promise<void> {
      const stays = db
        .select({ one: sql`1` })
        .from(instances)
        .where(and(ofInstance, ne(instances.desired, 'deleted')))
      await db
        .update(matrixAccounts)
        .set({ state: 'leaving', nextAttemptAt: null, ...NO_TOKEN })
        .where(and(isPresent, notExists(stays)))
    },

    /** What the homeserver is to be asked now. */
    due: async (now: Date, most: number): Promise<AccountRow[]> =>
      db
        .select()
        .from(matrixAccounts)
        .where(
          and(
            inArray(matrixAccounts.state, ['wanted', 'leaving']),
            or(isNull(matrixAccounts.nextAttemptAt), lte(matrixAccounts.nextAttemptAt, now)),
          ),
        )
        .orderBy(matrixAccounts.localpart)
        .limit(most),

    /** In no other state than the one that it was seen in: its instance may have gone meanwhile. */
    async settle({ localpart, state }: AccountRow, next: 'made' | 'gone'): Promise<void> {
      await db
        .update(matrixAccounts)
        .set({ state: next, problem: null, nextAttemptAt: null })
        .where(and(eq(matrixAccounts.localpart, localpart), eq(matrixAccounts.state, state)))
    },

    /** Neither of an instance's names can be had: both are given up, and the next ones planned. */
    async giveUp({ localpart, instanceId }: AccountRow): Promise<void> {
      const state = sql<'gone'>`case when ${matrixAccounts.localpart} = ${localpart} then 'gone' else 'leaving' end`
      await db
        .update(matrixAccounts)
        .set({ state, ...NO_TOKEN })
        .where(and(eq(matrixAccounts.instanceId, instanceId), isPresent))
    },

    async postpone({ localpart }: AccountRow, problem: string, until: Date): Promise<void> {
      const set = { problem, nextAttemptAt: until }
      await db.update(matrixAccounts).set(set).where(eq(matrixAccounts.localpart, localpart))
    },

    /** Of one instance, those that are made. */
    made: async (instanceId: InstanceId): Promise<AccountRow[]> =>
      db
        .select()
        .from(matrixAccounts)
        .where(and(eq(matrixAccounts.instanceId, instanceId), eq(matrixAccounts.state, 'made'))),

    async keepToken({ localpart }: Pick<AccountRow, 'localpart'>, token: KeptToken): Promise<void> {
      await db
        .update(matrixAccounts)
        .set(token)
        .where(and(eq(matrixAccounts.localpart, localpart), eq(matrixAccounts.state, 'made')))
    },

    /** Its next token is of another device. */
    async nextDevice(instanceId: InstanceId): Promise<void> {
      await db
        .update(matrixAccounts)
        .set({ device: sql`${matrixAccounts.device} + 1`, ...NO_TOKEN })
        .where(and(eq(matrixAccounts.instanceId, instanceId), isPresent))
    },

    /** Of people who are locked out, with the name of their account; `null`: it is gone. */
    loginsToEnd: async () =>
      db
        .select({ login: matrixLogins, localpart: matrixAccounts.localpart })
        .from(matrixLogins)
        .innerJoin(users, and(eq(users.id, matrixLogins.userId), isNotNull(users.suspendedAt)))
        .leftJoin(instances, eq(instances.userId, users.id))
        .leftJoin(
          matrixAccounts,
          and(ofInstance, eq(matrixAccounts.kind, 'person'), eq(matrixAccounts.state, 'made')),
        ),

    counts: async () => {
      const [pending, refused] = await Promise.all([
        db.$count(matrixAccounts, inArray(matrixAccounts.state, ['wanted', 'leaving'])),
        db.$count(matrixAccounts, isNotNull(matrixAccounts.problem)),
      ])
      return { pending, refused }
    },
  }
}
