/** The SQL by which administrators look at people: a page of them, one of them, and who a selection is. */
import type { PeopleFilter, PeopleSelection, UserId } from '@matrixos/shared'
import { and, count, desc, eq, ilike, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import {
  apiTokens,
  instances,
  passkeys,
  recoveryCodes,
  sessions,
  totpLogins,
  users,
} from '../../db/schema/index.ts'

export type PeopleStore = ReturnType<typeof createPeopleStore>

const STATES: Record<NonNullable<PeopleFilter['state']>, SQL> = {
  active: isNull(users.suspendedAt),
  suspended: isNotNull(users.suspendedAt),
  admins: eq(users.role, 'admin'),
  online: eq(instances.observed, 'running'),
  failed: eq(instances.observed, 'failed'),
  throttled: isNotNull(instances.throttledAt),
}

/** `%` and `_` stand for themselves. */
const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function matches({ search, state }: PeopleFilter): SQL | undefined {
  const text = search?.replace(/^@/, '')
  return and(
    text ? or(ilike(users.handle, like(text)), ilike(users.displayName, like(text))) : undefined,
    state && STATES[state],
  )
}

const isAdmin = and(eq(users.role, 'admin'), isNull(users.suspendedAt))

const person = {
  user: users,
  instance: {
    ...{ id: instances.id, desired: instances.desired, observed: instances.observed },
    throttledAt: instances.throttledAt,
  },
}
export type PersonRecord = { user: typeof users.$inferSelect; instance: PersonInstance | null }
type PersonInstance = Pick<typeof instances.$inferSelect, 'id' | 'desired' | 'observed' | 'throttledAt'>

export function createPeopleStore({ db }: Pick<Database, 'db'>) {
  const people = (from: DbOrTx = db) =>
    from.select(person).from(users).leftJoin(instances, eq(instances.userId, users.id)).$dynamic()

  return {
    /** Newest first, beginning after `before`. */
    page: async (
      filter: PeopleFilter,
      before: { at: Date; key: string } | null,
      limit: number,
    ): Promise<PersonRecord[]> =>
      people()
        .where(
          and(
            matches(filter),
            before
              ? sql`(${users.createdAt}, ${users.id}) < (${before.at.toISOString()}::timestamptz, ${before.key})`
              : undefined,
          ),
        )
        .orderBy(desc(users.createdAt), desc(users.id))
        .limit(limit),

    async total(filter: PeopleFilter): Promise<number> {
      const rows = await db
        .select({ total: count() })
        .from(users)
        .leftJoin(instances, eq(instances.userId, users.id))
        .where(matches(filter))
      return rows[0]?.total ?? 0
    },

    async byHandle(handle: string): Promise<PersonRecord | null> {
      const rows = await people().where(eq(users.handle, handle))
      return rows[0] ?? null
    },

    /** At most `limit`, in the order of their handles. */
    selected: async (selection: PeopleSelection, limit: number, tx?: DbOrTx): Promise<PersonRecord[]> =>
      people(tx)
        .where('ids' in selection ? inArray(users.id, selection.ids) : matches(selection.filter))
        .orderBy(users.handle)
        .limit(limit),

    async idsOf(handle: string): Promise<UserId[]> {
      const rows = await db.select({ id: users.id }).from(users).where(eq(users.handle, handle))
      return rows.map(({ id }) => id)
    },

    async handlesOf(ids: string[]): Promise<Map<string, string>> {
      const userIds = ids.filter((id): id is UserId => id.startsWith('usr_'))
      if (userIds.length === 0) return new Map()
      const rows = await db
        .select({ id: users.id, handle: users.handle })
        .from(users)
        .where(inArray(users.id, userIds))
      return new Map(rows.map(({ id, handle }) => [id, handle]))
    },

    async methods(userId: UserId) {
      const rows = await db
        .select({
          passkeys: db.$count(passkeys, eq(passkeys.userId, userId)),
          totp: db.$count(totpLogins, eq(totpLogins.userId, userId)),
          recoveryCodes: db.$count(
            recoveryCodes,
            and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)),
          ),
          tokens: db.$count(apiTokens, eq(apiTokens.userId, userId)),
        })
        .from(users)
        .where(eq(users.id, userId))
      const found = rows[0]
      return { passkeys: 0, recoveryCodes: 0, tokens: 0, ...found, totp: (found?.totp ?? 0) > 0 }
    },

    /** The last used first. */
    sessions: async (userId: UserId, now: Date, limit: number) =>
      db
        .select()
        .from(sessions)
        .where(
          and(eq(sessions.userId, userId), sql`${sessions.expiresAt} > ${now.toISOString()}::timestamptz`),
        )
        .orderBy(desc(sessions.lastUsedAt))
        .limit(limit),

    /** The administrators who can sign in. */
    async admins(): Promise<UserId[]> {
      const rows = await db.select({ id: users.id }).from(users).where(isAdmin)
      return rows.map(({ id }) => id)
    },

    /**
     * The administrators who are not suspended, locked one after the other: who takes one away decides alone, and on
     * what is true then.
     */
    lockAdmins: async (tx: DbOrTx): Promise<UserId[]> => {
      const rows = await tx
        .select({ id: users.id })
        .from(users)
        .where(isAdmin)
        .orderBy(users.id)
        .for('update')
      return rows.map(({ id }) => id)
    },
  }
}
