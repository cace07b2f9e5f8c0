/** What somebody has said of themselves and set towards others, for their export: all of it, seen by others or not. */
import type { UserId } from '@matrixos/shared'
import { asc, eq } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { blocks, follows, profiles, users } from '../db/schema/index.ts'

/** No account can have more of these than its limits say, so each list is read at once. */
export const createOwnRecord =
  ({ db }: Pick<Database, 'db'>) =>
  async (userId: UserId) => {
    const [profile] = await db.select().from(profiles).where(eq(profiles.userId, userId))
    const { bio = '', aiName = '', aiBio = '' } = profile ?? {}
    const following = await db
      .select({ handle: users.handle, since: follows.at })
      .from(follows)
      .innerJoin(users, eq(users.id, follows.followee))
      .where(eq(follows.follower, userId))
      .orderBy(asc(follows.at), asc(users.handle))
    const blocked = await db
      .select({ handle: users.handle, kind: blocks.kind, since: blocks.at })
      .from(blocks)
      .innerJoin(users, eq(users.id, blocks.blocked))
      .where(eq(blocks.blocker, userId))
      .orderBy(asc(blocks.at), asc(users.handle))
    return { bio, aiName, aiBio, following, blocked }
  }
