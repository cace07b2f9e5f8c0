/** People among people: what they say of themselves, whom they follow, and of whom they want to see nothing. */
import type { BlockKind } from '@matrixos/shared'
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { bytes, time } from './columns.ts'

/** Whoever has said nothing of themselves has no row. The display name is the account's. */
export const profiles = pgTable('profiles', {
  userId: userRef().primaryKey(),
  bio: text().notNull().default(''),
  /** What their AI is called, and what it says of itself. */
  aiName: text('ai_name').notNull().default(''),
  aiBio: text('ai_bio').notNull().default(''),
  /** Of the picture in `avatars`; `null`: none. */
  avatarVersion: text('avatar_version'),
  updatedAt: time('updated_at').notNull(),
})

/** Pictures as the platform has drawn them anew, whatever was sent: WebP, square. */
export const avatars = pgTable('avatars', {
  userId: userRef().primaryKey(),
  bytes: bytes('bytes').notNull(),
})

export const follows = pgTable(
  'follows',
  {
    follower: userRef('follower'),
    followee: userRef('followee'),
    at: time('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.follower, table.followee] }),
    index('follows_followers').on(table.followee, table.at, table.follower),
    index('follows_following').on(table.follower, table.at, table.followee),
  ],
)

export const blocks = pgTable(
  'blocks',
  {
    blocker: userRef('blocker'),
    blocked: userRef('blocked'),
    kind: text().$type<BlockKind>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.blocker, table.blocked, table.kind] }),
    index('blocks_blocked').on(table.blocked),
  ],
)
