/** The SQL that reads follows, blocks and mutes, as somebody may see them. */
import type { BlockKind, UserId } from '@matrixos/shared'
import { and, desc, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Database, Db } from '../../db/database.ts'
import { blocks, follows, profiles, users } from '../../db/schema/index.ts'
import { LISTED } from '../listed.ts'
import { isFollowedBy, isSeenBy } from '../visibility.ts'

export type FollowLists = ReturnType<typeof createFollowLists>

/** Where the next page begins: after this one, which is not part of it. */
export interface RelationCursor {
  at: Date
  userId: UserId
}

/** The people in one column of `follows` where the other holds `of`, newest first. */
async function page(
  db: Db,
  viewer: UserId | null,
  { of, fixed, listed }: { of: UserId; fixed: AnyPgColumn; listed: AnyPgColumn },
  { after, most }: { after: RelationCursor | null; most: number },
) {
  const before: SQL | undefined = after
    ? or(lt(follows.at, after.at), and(eq(follows.at, after.at), lt(listed, after.userId)))
    : undefined
  return db
    .select({ person: LISTED, at: follows.at })
    .from(follows)
    .innerJoin(users, eq(users.id, listed))
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .where(and(eq(fixed, of), isSeenBy(viewer, listed), before))
    .orderBy(desc(follows.at), desc(listed))
    .limit(most)
}

const count = (db: Db, viewer: UserId | null, of: UserId, fixed: AnyPgColumn, listed: AnyPgColumn) =>
  db.$count(follows, and(eq(fixed, of), isSeenBy(viewer, listed)))

export const createFollowLists = ({ db }: Pick<Database, 'db'>) => ({
  /** What `viewer` has set towards somebody who they see, or whom they blocked themselves; `null`: neither. */
  async relation(viewer: UserId, handle: string) {
    const [found] = await db
      .select({
        id: users.id,
        isSeen: sql<boolean>`${isSeenBy(viewer, users.id)}`,
        follows: sql<boolean>`${isFollowedBy(viewer, users.id)}`,
        followsBack: sql<boolean>`exists (select 1 from follows f where f.follower = ${users.id} and f.followee = ${viewer})`,
        kinds: sql<
          BlockKind[]
        >`array(select b.kind from blocks b where b.blocker = ${viewer} and b.blocked = ${users.id})`,
      })
      .from(users)
      // With a second table, what is selected names its columns in full, also within these conditions.
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .where(eq(users.handle, handle))
    if (!found || !(found.isSeen || found.kinds.includes('block'))) return null
    const { id, kinds, ...rest } = found
    return {
      ...rest,
      id,
      isSelf: id === viewer,
      blocks: kinds.includes('block'),
      mutes: kinds.includes('mute'),
    }
  },

  followers: (viewer: UserId | null, of: UserId, range: { after: RelationCursor | null; most: number }) =>
    page(db, viewer, { of, fixed: follows.followee, listed: follows.follower }, range),

  following: (viewer: UserId | null, of: UserId, range: { after: RelationCursor | null; most: number }) =>
    page(db, viewer, { of, fixed: follows.follower, listed: follows.followee }, range),

  /** As `viewer` may count them: what lists leave out, no figure gives away. */
  async counts(viewer: UserId | null, of: UserId): Promise<{ followers: number; following: number }> {
    const followers = await count(db, viewer, of, follows.followee, follows.follower)
    return { followers, following: await count(db, viewer, of, follows.follower, follows.followee) }
  },

  /** Whom somebody blocked or muted, in the order of their handles. */
  blockedBy: async (blocker: UserId) =>
    db
      .select({ kind: blocks.kind, handle: users.handle, displayName: users.displayName, at: blocks.at })
      .from(blocks)
      .innerJoin(users, eq(users.id, blocks.blocked))
      .where(eq(blocks.blocker, blocker))
      .orderBy(users.handle, blocks.kind),
})
