/** The SQL that changes follows, blocks and mutes. */
import type { BlockKind, UserId } from '@matrixos/shared'
import { and, eq, inArray, or } from 'drizzle-orm'
import type { Database, Tx } from '../../db/database.ts'
import { blocks, follows, users } from '../../db/schema/index.ts'
import { followedEvents, type Tell, tellNobody } from '../feed/told.ts'
import { isSeenBy } from '../visibility.ts'

export type FollowsStore = ReturnType<typeof createFollowsStore>

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

export const createFollowsStore = ({ db }: Pick<Database, 'db'>, tell: Tell = tellNobody) => ({
  /** `most`: people that one may follow. Following somebody twice is following them once. */
  follow: (follower: UserId, followee: UserId, at: Date, most: number): Promise<Related> =>
    db.transaction(async (tx: Tx) => {
      await holdBoth(tx, follower, followee)
      if (!(await isSeen(tx, follower, followee))) return 'not_seen'
      if ((await tx.$count(follows, isPair(follower, followee))) > 0) return 'done'
      if ((await tx.$count(follows, eq(follows.follower, follower))) >= most) return 'too_many'
      await tx.insert(follows).values({ follower, followee, at })
      await tell(tx, await followedEvents(tx, { follower, followee, at }))
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
})
