/** The SQL of publishing. */
import type { InstanceId } from '@matrixos/shared'
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Database, Tx } from '../db/database.ts'
import { instances, publicationEvents, publications } from '../db/schema/index.ts'

export type PublicationRow = typeof publications.$inferSelect
export type AppKey = Pick<PublicationRow, 'instanceId' | 'app'>
/** How an app is published, without what the store keeps track of itself. */
export type PublicationTerms = Omit<PublicationRow, 'pictureVersion' | 'publishedAt' | 'updatedAt'>
/** What became of a wish to publish. */
export type Put = 'written' | 'instance_gone' | 'not_published' | 'too_many'
/** Writes what is to be known of a change: both, or neither. */
type Note = (tx: Tx) => Promise<void>

export type PublishingStore = ReturnType<typeof createPublishingStore>

export const isApp = ({ instanceId, app }: AppKey) =>
  and(eq(publications.instanceId, instanceId), eq(publications.app, app))
const ofInstance = (instanceId: InstanceId) => eq(publications.instanceId, instanceId)
const isPublished = isNotNull(publications.publishedAt)

export interface PublishingStoreOptions extends Pick<Database, 'db'> {
  /** In the transaction that opens an app to anyone. */
  onOpened: (tx: Tx, app: AppKey & { title: string; at: Date }) => Promise<void>
}

export const createPublishingStore = ({ db, onOpened }: PublishingStoreOptions) => ({
  /** What is published now. */
  all: async (): Promise<PublicationRow[]> => db.select().from(publications).where(isPublished),

  /** The same of one instance. */
  ofInstance: async (instanceId: InstanceId): Promise<PublicationRow[]> =>
    db
      .select()
      .from(publications)
      .where(and(ofInstance(instanceId), isPublished)),

  /** Also what was published once. */
  everOf: async (instanceId: InstanceId): Promise<PublicationRow[]> =>
    db.select().from(publications).where(ofInstance(instanceId)).orderBy(asc(publications.app)),

  /**
   * Publishes an app, or changes how it is published; `most`: apps that the instance may have, `null` where only what is
   * published already may be changed.
   */
  put: (terms: PublicationTerms, most: number | null, at: Date, note: Note): Promise<Put> =>
    db.transaction(async (tx: Tx) => {
      if (!(await hold(tx, terms.instanceId))) return 'instance_gone'
      const outcome = await put(tx, terms, most, at)
      if (outcome !== 'written') return outcome
      if (terms.mode === 'public') await onOpened(tx, { ...terms, at })
      await note(tx)
      return outcome
    }),

  /** `false`: it is not published. */
  unpublish: (app: AppKey, at: Date, note: Note): Promise<boolean> =>
    db.transaction(async (tx: Tx) => {
      if (!(await hold(tx, app.instanceId))) return false
      const [gone] = await tx
        .update(publications)
        .set({ publishedAt: null, updatedAt: at })
        .where(and(isApp(app), isPublished))
        .returning()
      if (!gone) return false
      if (gone.mode === 'public') await tell(tx, gone, 'withdrawn', at)
      await note(tx)
      return true
    }),
})

/** So that changes to an instance's publications come one after the other. `false`: it is gone. */
async function hold(tx: Tx, instanceId: InstanceId): Promise<boolean> {
  const held = tx.select({ id: instances.id }).from(instances).where(eq(instances.id, instanceId))
  return (await held.for('update')).length > 0
}

async function put(tx: Tx, terms: PublicationTerms, most: number | null, at: Date): Promise<Put> {
  const [before] = await tx.select().from(publications).where(isApp(terms))
  if (most === null && !before?.publishedAt) return 'not_published'
  if (most !== null && !before && !(await makeRoom(tx, terms.instanceId, most))) return 'too_many'
  const set = { ...terms, publishedAt: before?.publishedAt ?? at, updatedAt: at }
  await tx
    .insert(publications)
    .values(set)
    .onConflictDoUpdate({ target: [publications.instanceId, publications.app], set })
  const wasPublic = before?.mode === 'public' && before.publishedAt !== null
  if ((terms.mode === 'public') !== wasPublic)
    await tell(tx, terms, wasPublic ? 'withdrawn' : 'published', at)
  return 'written'
}

/** Makes room by what was unpublished first; `false`: all of them are published. */
async function makeRoom(tx: Tx, instanceId: InstanceId, most: number): Promise<boolean> {
  if ((await tx.$count(publications, ofInstance(instanceId))) < most) return true
  const [oldest] = await tx
    .select({ app: publications.app })
    .from(publications)
    .where(and(ofInstance(instanceId), isNull(publications.publishedAt)))
    .orderBy(asc(publications.updatedAt))
    .limit(1)
  if (!oldest) return false
  await tx.delete(publications).where(isApp({ instanceId, app: oldest.app }))
  return true
}

/** For the feed. */
async function tell(
  tx: Tx,
  { instanceId, app, title }: PublicationTerms,
  kind: 'published' | 'withdrawn',
  at: Date,
): Promise<void> {
  await tx.insert(publicationEvents).values({ instanceId, app, kind, title, at })
}
