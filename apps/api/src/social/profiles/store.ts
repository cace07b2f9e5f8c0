/** The SQL of profiles and of the pictures that stand for people. */
import type { OwnProfile, UserId } from '@matrixos/shared'
import { and, eq } from 'drizzle-orm'
import type { Database, Tx } from '../../db/database.ts'
import { avatars, profiles, users } from '../../db/schema/index.ts'
import { isSeenBy } from '../visibility.ts'

export type ProfileRow = typeof profiles.$inferSelect
export type ProfileStore = ReturnType<typeof createProfileStore>

export interface Avatar {
  version: string
  bytes: Uint8Array
}

export const createProfileStore = ({ db }: Pick<Database, 'db'>) => ({
  /** `null`: they have said nothing of themselves. */
  of: async (userId: UserId): Promise<ProfileRow | null> =>
    (await db.select().from(profiles).where(eq(profiles.userId, userId)))[0] ?? null,

  async put(userId: UserId, profile: OwnProfile, at: Date): Promise<void> {
    const set = { ...profile, updatedAt: at }
    await db
      .insert(profiles)
      .values({ userId, ...set })
      .onConflictDoUpdate({ target: profiles.userId, set })
  },

  /** `null`: none any more. */
  putAvatar: (userId: UserId, avatar: Avatar | null, at: Date): Promise<void> =>
    db.transaction(async (tx: Tx) => {
      const set = { avatarVersion: avatar?.version ?? null, updatedAt: at }
      await tx
        .insert(profiles)
        .values({ userId, ...set })
        .onConflictDoUpdate({ target: profiles.userId, set })
      if (!avatar) {
        await tx.delete(avatars).where(eq(avatars.userId, userId))
        return
      }
      const { bytes } = avatar
      await tx
        .insert(avatars)
        .values({ userId, bytes })
        .onConflictDoUpdate({ target: avatars.userId, set: { bytes } })
    }),

  /** As anyone is given it; `null`: there is none, or nobody who is seen. */
  async avatarOf(handle: string): Promise<Avatar | null> {
    const [found] = await db
      .select({ version: profiles.avatarVersion, bytes: avatars.bytes })
      .from(users)
      .innerJoin(profiles, eq(profiles.userId, users.id))
      .innerJoin(avatars, eq(avatars.userId, users.id))
      .where(and(eq(users.handle, handle), isSeenBy(null, users.id)))
    return found?.version ? { version: found.version, bytes: found.bytes } : null
  },
})
