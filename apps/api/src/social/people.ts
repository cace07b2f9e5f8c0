/** Finds the people that calls name, if whoever asks may see them. */
import { normalizeHandle, type UserId } from '@matrixos/shared'
import { and, desc, eq, lt, or } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { follows, profiles, users } from '../db/schema/index.ts'
import { AppError } from '../errors.ts'
import type { Cursor } from './cursor.ts'
import { LISTED } from './listed.ts'
import { isSeenBy } from './visibility.ts'

export type People = ReturnType<typeof createPeople>

/** Who is not there, who is not seen and who never was are told apart by nobody. */
const nobody = (handle: string): AppError =>
  new AppError('not_found', `There is nobody called ${normalizeHandle(handle)} here.`)

export const createPeople = ({ db }: Pick<Database, 'db'>) => ({
  nobody,

  /** Of whoever it is, seen or not. */
  idOf: async (handle: string): Promise<UserId | null> =>
    (await db.select({ id: users.id }).from(users).where(eq(users.handle, handle)))[0]?.id ?? null,

  /** Throws `not_found` for whom `viewer` does not see. `null`: a stranger. */
  async seen(viewer: UserId | null, handle: string) {
    const [found] = await db
      .select({
        ...LISTED,
        createdAt: users.createdAt,
        aiName: profiles.aiName,
        aiBio: profiles.aiBio,
      })
      .from(users)
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .where(and(eq(users.handle, normalizeHandle(handle)), isSeenBy(viewer, users.id)))
    if (!found) throw nobody(handle)
    return found
  },

  isFollowed: async (follower: UserId, followee: UserId): Promise<boolean> =>
    (await db.$count(follows, and(eq(follows.follower, follower), eq(follows.followee, followee)))) > 0,

  /** Who joined last, first. */
  newest: async (viewer: UserId | null, { after, most }: { after: Cursor | null; most: number }) =>
    db
      .select({ ...LISTED, createdAt: users.createdAt })
      .from(users)
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .where(
        and(
          isSeenBy(viewer, users.id),
          after
            ? or(
                lt(users.createdAt, after.at),
                and(eq(users.createdAt, after.at), lt(users.id, after.id as UserId)),
              )
            : undefined,
        ),
      )
      .orderBy(desc(users.createdAt), desc(users.id))
      .limit(most),
})
