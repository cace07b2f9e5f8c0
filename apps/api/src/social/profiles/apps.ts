/** Apps that anyone may open, of one person or of all: what profiles and the explore page show. */

import type { InstanceId, UserId } from '@matrixos/shared'
import {
  APP_PICTURES_PATH,
  type AppsPage,
  type Hosts,
  type SharedAppView,
  type SocialPageInput,
} from '@matrixos/shared'
import { and, desc, eq, isNotNull, lt, or, sql } from 'drizzle-orm'
import type { Publications } from '../../access/policy.ts'
import type { Database } from '../../db/database.ts'
import { instances, publications as published, users } from '../../db/schema/index.ts'
import { type Cursor, pageOf, readCursor } from '../cursor.ts'
import { isSeenBy } from '../visibility.ts'

export interface SharedAppsOptions {
  db: Database['db']
  /** As the gate knows it: what it lets nobody open is shown to nobody. */
  publications: Publications
  hosts: Pick<Hosts, 'instanceAppOrigin' | 'apiOrigin'>
}

export type SharedApps = ReturnType<typeof createSharedApps>

const MOST_OF_ONE = 50
const SEPARATOR = '/'

/** Of `INSTANCE/APP` and when it was published: what comes after that in the list. */
function isAfter({ at, id }: Cursor) {
  const [instanceId = '', app = ''] = id.split(SEPARATOR)
  return or(
    lt(published.publishedAt, at),
    and(
      eq(published.publishedAt, at),
      sql`(${published.instanceId}, ${published.app}) < (${instanceId}, ${app})`,
    ),
  )
}

export function createSharedApps({ db, publications, hosts }: SharedAppsOptions) {
  const read = (
    viewer: UserId | null,
    { owner, after, most }: { owner?: UserId; after: Cursor | null; most: number },
  ) =>
    db
      .select({
        instanceId: published.instanceId,
        app: published.app,
        at: published.publishedAt,
        pictureVersion: published.pictureVersion,
        handle: users.handle,
        displayName: users.displayName,
      })
      .from(published)
      .innerJoin(instances, eq(instances.id, published.instanceId))
      .innerJoin(users, eq(users.id, instances.userId))
      .where(
        and(
          isNotNull(published.publishedAt),
          // As text of the statement: only then does the index of what is public serve it.
          sql`${published.mode} = 'public'`,
          owner && eq(instances.userId, owner),
          after ? isAfter(after) : undefined,
          isSeenBy(viewer, users.id),
        ),
      )
      .orderBy(desc(published.publishedAt), desc(published.instanceId), desc(published.app))
      .limit(most)

  type Row = Awaited<ReturnType<typeof read>>[number]

  function viewOf({ instanceId, app, at, handle, displayName, pictureVersion }: Row): SharedAppView[] {
    const publication = publications.of(instanceId, app)
    if (publication?.mode !== 'public' || !at) return []
    const { title, description } = publication.preview
    return [
      {
        ...{ app, title, description, publishedAt: at.toISOString() },
        url: hosts.instanceAppOrigin(handle, app),
        pictureUrl:
          pictureVersion && `${hosts.apiOrigin}${APP_PICTURES_PATH}/${handle}/${app}?v=${pictureVersion}`,
        owner: { handle, displayName },
      },
    ]
  }

  return {
    ofPerson: async (viewer: UserId | null, owner: UserId): Promise<SharedAppView[]> =>
      (await read(viewer, { owner, after: null, most: MOST_OF_ONE })).flatMap(viewOf),

    async newest(viewer: UserId | null, { cursor, limit }: SocialPageInput): Promise<AppsPage> {
      const found = await read(viewer, { after: readCursor(cursor), most: limit + 1 })
      const { rows, nextCursor } = pageOf(found, limit, ({ at, instanceId, app }) => ({
        at: at ?? new Date(0),
        id: `${instanceId}${SEPARATOR}${app}`,
      }))
      return { items: rows.flatMap(viewOf), nextCursor }
    },

    /** Whose instance that is, if a stranger sees them. */
    async instanceOf(handle: string): Promise<InstanceId | null> {
      const found = db.select({ id: instances.id }).from(instances)
      const isTheirs = and(eq(instances.handle, handle), isSeenBy(null, instances.userId))
      return (await found.where(isTheirs))[0]?.id ?? null
    },
  }
}
