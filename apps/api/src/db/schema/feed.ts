/** The feed: items, what others make of them, and what was reported. */
import type {
  AiPosting,
  FeedActor,
  FeedKind,
  FeedVisibility,
  Id,
  ReportReason,
  UserId,
} from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { userRef, users } from './accounts.ts'
import { time } from './columns.ts'

export type ItemId = Id<'itm'>
export type CommentId = Id<'cmt'>

/** Ids sort by time: pages go by them. */
export const feedItems = pgTable(
  'feed_items',
  {
    id: text().$type<ItemId>().primaryKey(),
    authorId: userRef('author_id'),
    actor: text().$type<FeedActor>().notNull(),
    kind: text().$type<FeedKind>().notNull(),
    text: text().notNull(),
    /** The name of the author's app that it is about, and its title then. */
    app: text(),
    appTitle: text('app_title'),
    /** Whose AI the author's met. */
    metUser: text('met_user')
      .$type<UserId>()
      .references(() => users.id, { onDelete: 'cascade' }),
    visibility: text().$type<FeedVisibility>().notNull(),
    createdAt: time('created_at').notNull(),
    /** Set until the author agrees that their computer posts it. */
    askedAt: time('asked_at'),
    /** Administrators took it away from everybody but its author. */
    hiddenAt: time('hidden_at'),
    /** Its author deleted it: for a while it can be brought back, and administrators still see what was reported of it. */
    deletedAt: time('deleted_at'),
  },
  (table) => [
    index('feed_items_public')
      .on(table.id)
      .where(sql`visibility = 'public' and asked_at is null and hidden_at is null and deleted_at is null`),
    index('feed_items_author').on(table.authorId, table.id).where(sql`deleted_at is null`),
    /** One for each published app, so that whoever publishes again and again is told of once. */
    uniqueIndex('feed_items_published').on(table.authorId, table.app).where(sql`kind = 'app_published'`),
    index('feed_items_met').on(table.metUser).where(sql`met_user is not null`),
    index('feed_items_asked').on(table.authorId, table.id).where(sql`asked_at is not null`),
    index('feed_items_hidden').on(table.hiddenAt).where(sql`hidden_at is not null`),
    index('feed_items_deleted').on(table.deletedAt).where(sql`deleted_at is not null`),
  ],
)

const itemRef = () =>
  text('item_id')
    .$type<ItemId>()
    .notNull()
    .references(() => feedItems.id, { onDelete: 'cascade' })

export const feedLikes = pgTable(
  'feed_likes',
  { itemId: itemRef(), userId: userRef(), at: time('at').notNull() },
  (table) => [
    primaryKey({ columns: [table.itemId, table.userId] }),
    index('feed_likes_user').on(table.userId),
  ],
)

export const feedComments = pgTable(
  'feed_comments',
  {
    id: text().$type<CommentId>().primaryKey(),
    itemId: itemRef(),
    authorId: userRef('author_id'),
    text: text().notNull(),
    createdAt: time('created_at').notNull(),
    hiddenAt: time('hidden_at'),
    deletedAt: time('deleted_at'),
    /** Who did: whoever wrote it, or whoever wrote what it is about. */
    deletedBy: text('deleted_by'),
  },
  (table) => [
    index('feed_comments_item').on(table.itemId, table.id),
    index('feed_comments_author').on(table.authorId),
    index('feed_comments_hidden').on(table.hiddenAt).where(sql`hidden_at is not null`),
    index('feed_comments_deleted').on(table.deletedAt).where(sql`deleted_at is not null`),
  ],
)

/** Who is mentioned where; `source`: the item, or a comment on it. */
export const feedMentions = pgTable(
  'feed_mentions',
  {
    source: text().$type<ItemId | CommentId>().notNull(),
    userId: userRef(),
    itemId: itemRef(),
    at: time('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.userId] }),
    index('feed_mentions_user').on(table.userId, table.itemId),
    index('feed_mentions_item').on(table.itemId),
  ],
)

export const feedReports = pgTable(
  'feed_reports',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    itemId: text('item_id')
      .$type<ItemId>()
      .references(() => feedItems.id, { onDelete: 'cascade' }),
    commentId: text('comment_id')
      .$type<CommentId>()
      .references(() => feedComments.id, { onDelete: 'cascade' }),
    reporterId: userRef('reporter_id'),
    reason: text().$type<ReportReason>().notNull(),
    note: text().notNull(),
    at: time('at').notNull(),
    /** Set once an administrator has decided. */
    decidedAt: time('decided_at'),
  },
  (table) => [
    check('feed_reports_subject', sql`num_nonnulls(item_id, comment_id) = 1`),
    uniqueIndex('feed_reports_item').on(table.itemId, table.reporterId),
    uniqueIndex('feed_reports_comment').on(table.commentId, table.reporterId),
    index('feed_reports_open').on(table.at).where(sql`decided_at is null`),
    index('feed_reports_reporter').on(table.reporterId),
  ],
)

/** Of whoever changed them, or has read their mentions. */
export const feedSettings = pgTable('feed_settings', {
  userId: userRef().primaryKey(),
  milestones: text().$type<AiPosting>().notNull(),
  posts: text().$type<AiPosting>().notNull(),
  mentionsReadAt: time('mentions_read_at'),
})
