/** Apps that their owners published. */
import type { InstanceId, PublicationMode } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, foreignKey, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, time } from './columns.ts'
import { instances } from './instances.ts'

const instanceRef = () =>
  text('instance_id')
    .$type<InstanceId>()
    .notNull()
    .references(() => instances.id, { onDelete: 'cascade' })

/** Also what was published once: how it was is what its owner is offered the next time. */
export const publications = pgTable(
  'publications',
  {
    instanceId: instanceRef(),
    app: text().notNull(),
    mode: text().$type<PublicationMode>().notNull(),
    title: text().notNull(),
    description: text().notNull(),
    /** Nano-USD of the owner's credits for visitors, a month. */
    visitorCredit: bigint('visitor_credit', { mode: 'bigint' }).notNull().default(sql`0`),
    /** Of the picture in `publication_pictures`: the memory of the gate holds no bytes. */
    pictureVersion: text('picture_version'),
    /** `null`: it is not published now. */
    publishedAt: time('published_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.app] }),
    // What anyone may open, newest first.
    index('publications_public')
      .on(table.publishedAt, table.instanceId, table.app)
      .where(sql`published_at is not null and mode = 'public'`),
  ],
)

/** What link previews show. */
export const publicationPictures = pgTable(
  'publication_pictures',
  {
    instanceId: text('instance_id').$type<InstanceId>().notNull(),
    app: text().notNull(),
    type: text().notNull(),
    bytes: bytes('bytes').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.app] }),
    foreignKey({
      name: 'publication_pictures_publication',
      columns: [table.instanceId, table.app],
      foreignColumns: [publications.instanceId, publications.app],
    }).onDelete('cascade'),
  ],
)

/**
 * What the feed tells: rows are only ever added, and the newest of an app is how it stands. Apps for invited people
 * alone are told to nobody.
 */
export const publicationEvents = pgTable(
  'publication_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    instanceId: instanceRef(),
    app: text().notNull(),
    kind: text().$type<'published' | 'withdrawn'>().notNull(),
    /** As it was then. */
    title: text().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('publication_events_instance').on(table.instanceId, table.id)],
)
