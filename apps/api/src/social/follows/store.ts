/** The SQL of follows, blocks and mutes. */
import type { BlockKind, UserId } from '@matrixos/shared'
import { and, desc, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Database, Tx } from '../../db/database.ts'
import { blocks, follows, profiles, users } from '../../db/schema/index.ts'
import { isSeenBy } from '../visibility.ts'

export type FollowsStore = ReturnType<typeof createFollowsStore>

/** Where the next page begins: after this one, which is not part of it. */
export interface RelationCursor {
  at: Date
  userId: UserId
}

/** What became of a wish to follow or block. */
export type Related = 'done' | 'not_seen' | 'too_many'

const isPair = (follower: UserId, followee: UserId) =>
  and(eq(follows.follower, follower), eq(follows.followee, followee))

const isBlock = (blocker: UserId, blocked: UserId, kind: BlockKind) =>
  and(eq(blocks.blocker, blocker), eq(blocks.blocked, blocked), eq(blocks.kind, kind))

/** So that what two people do to each other comes one after the other: no follow outlives the block beside it. */
async function holdBoth(tx: Tx, one: UserId, other: UserId): Promise<void> {
  await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, [one, other]))
    .orderBy(users.id)
    .for('no key update')
}

async function isSeen(tx: Tx, viewer: UserId, person: UserId): Promise<boolean> {
  const found = tx.select({ id: users.id }).from(users)
  return (await found.where(and(eq(users.id, person), isSeenBy(viewer, users.id)))).length > 0
}

/** What is shown of people in a list. */
const LISTED = {
  id: users.id,
  handle: users.handle,
  displayName: users.displayName,
  bio: profiles.bio,
  avatarVersion: profiles.avatarVersion,
}

export function createFollowsStore({ db }: Pick<Database, 'db'>) {
  /** The people in one column of `follows` where the other holds `of`, newest first. */
  async function page(
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

  const count = (viewer: UserId | null, of: UserId, fixed: AnyPgColumn, listed: AnyPgColumn) =>
    db.$count(follows, and(eq(fixed, of), isSeenBy(viewer, listed)))

  return {
    /** `most`: people that one may follow. Following somebody twice is following them once. */
    follow: (follower: UserId, followee: UserId, at: Date, most: number): Promise<Related> =>
      db.transaction(async (tx: Tx) => {
        await holdBoth(tx, follower, followee)
        if (!(await isSeen(tx, follower, followee))) return 'not_seen'
        if ((await tx.$count(follows, isPair(follower, followee))) > 0) return 'done'
        if ((await tx.$count(follows, eq(follows.follower, follower))) >= most) return 'too_many'
        await tx.insert(follows).values({ follower, followee, at })
        return 'done'
      }),

    async unfollow(follower: UserId, followee: UserId): Promise<void> {
      await db.delete(follows).where(isPair(follower, followee))
    },

    /** A block ends what each of them follows of the other. `most`: people that one may block or mute. */
    block: (entry: typeof blocks.$inferInsert, most: number): Promise<Related> =>
      db.transaction(async (tx: Tx) => {
        const { blocker, blocked, kind } = entry
        await holdBoth(tx, blocker, blocked)
        if ((await tx.$count(blocks, isBlock(blocker, blocked, kind))) > 0) return 'done'
        // Who is blocked by somebody does not see them, and cannot block them either: nobody finds out by trying.
        if (!(await isSeen(tx, blocker, blocked))) return 'not_seen'
        if ((await tx.$count(blocks, eq(blocks.blocker, blocker))) >= most) return 'too_many'
        await tx.insert(blocks).values(entry)
        if (kind === 'block')
          await tx.delete(follows).where(or(isPair(blocker, blocked), isPair(blocked, blocker)))
        return 'done'
      }),

    async unblock(blocker: UserId, blocked: UserId, kind: BlockKind): Promise<void> {
      await db.delete(blocks).where(isBlock(blocker, blocked, kind))
    },

    /** What `viewer` has set towards somebody who they see, or whom they blocked themselves; `null`: neither. */
    async relation(viewer: UserId, handle: string) {
      const [found] = await db
        .select({
          id: users.id,
          isSeen: sql<boolean>`${isSeenBy(viewer, users.id)}`,
          follows: sql<boolean>`exists (select 1 from follows f where f.follower = ${viewer} and f.followee = ${users.id})`,
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
      page(viewer, { of, fixed: follows.followee, listed: follows.follower }, range),

    following: (viewer: UserId | null, of: UserId, range: { after: RelationCursor | null; most: number }) =>
      page(viewer, { of, fixed: follows.follower, listed: follows.followee }, range),

    /** As `viewer` may count them: what lists leave out, no figure gives away. */
    async counts(viewer: UserId | null, of: UserId): Promise<{ followers: number; following: number }> {
      const followers = await count(viewer, of, follows.followee, follows.follower)
      return { followers, following: await count(viewer, of, follows.follower, follows.followee) }
    },

    /** Whom somebody blocked or muted, in the order of their handles. */
    blockedBy: async (blocker: UserId) =>
      db
        .select({ kind: blocks.kind, handle: users.handle, displayName: users.displayName, at: blocks.at })
        .from(blocks)
        .innerJoin(users, eq(users.id, blocks.blocked))
        .where(eq(blocks.blocker, blocker))
        .orderBy(users.handle, blocks.kind),
  }
}
