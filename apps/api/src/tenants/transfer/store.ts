/** The SQL of imports: where each home's last one stands, for whichever api process is asked. */
import type { ImportState, InstanceId } from '@matrixos/shared'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { homeImports } from '../../db/schema/index.ts'
import type { Actor } from './service.ts'

/** Whoever unpacks is silent for that long only if it is gone. */
const LOST = sql`interval '30 seconds'`
const IS_OVER = sql`${homeImports.status} in ('done', 'failed')`
/** Seen after now: before the database's clock was set back. */
const IS_LOST = sql`${homeImports.seenAt} not between now() - ${LOST} and now() + ${LOST}`

export interface ImportRow {
  state: ImportState
  /** Its process has ended on the way, and no other has gone on yet. */
  isLost: boolean
}

/** What whoever goes on with one has to know. */
export interface ImportJob {
  state: ImportState
  uploadId: string
  who: Actor
}

interface NewImport {
  uploadId: string
  totalBytes: number
  who: Actor
}

export type ImportStore = ReturnType<typeof createImportStore>

export function createImportStore({ db }: Pick<Database, 'db'>) {
  const isOne = (instanceId: InstanceId, uploadId: string): SQL | undefined =>
    and(eq(homeImports.instanceId, instanceId), eq(homeImports.uploadId, uploadId))
  return {
    async of(instanceId: InstanceId): Promise<ImportRow | null> {
      const { status, doneBytes, totalBytes, message, manifest } = homeImports
      const [row] = await db
        .select({
          state: { status, doneBytes, totalBytes, message, manifest },
          isLost: sql<boolean>`not ${IS_OVER} and ${IS_LOST}`,
        })
        .from(homeImports)
        .where(eq(homeImports.instanceId, instanceId))
      return row ?? null
    },

    /** `false`: another one is under way. */
    async begin(instanceId: InstanceId, { uploadId, totalBytes, who }: NewImport): Promise<boolean> {
      const fresh = { uploadId, totalBytes, who, status: 'unpacking', seenAt: sql`now()` } as const
      const begun = await db
        .insert(homeImports)
        .values({ instanceId, ...fresh })
        .onConflictDoUpdate({
          target: homeImports.instanceId,
          set: { ...fresh, doneBytes: 0, message: null, manifest: null },
          setWhere: IS_OVER,
        })
        .returning({ instanceId: homeImports.instanceId })
      return begun.length > 0
    },

    /** `null`: it is over, or another has followed. */
    async job(instanceId: InstanceId, uploadId: string): Promise<ImportJob | null> {
      const { status, doneBytes, totalBytes, message, manifest, who } = homeImports
      const [row] = await db
        .select({
          state: { status, doneBytes, totalBytes, message, manifest },
          uploadId: homeImports.uploadId,
          who,
        })
        .from(homeImports)
        .where(and(isOne(instanceId, uploadId), sql`not ${IS_OVER}`))
      return row ? { ...row, who: row.who ?? { actor: 'server', address: '' } } : null
    },

    /** Those that nobody goes on with. */
    lost: async (): Promise<{ instanceId: InstanceId; uploadId: string }[]> =>
      db
        .select({ instanceId: homeImports.instanceId, uploadId: homeImports.uploadId })
        .from(homeImports)
        .where(sql`not ${IS_OVER} and ${IS_LOST}`),

    /** Does nothing once another import has begun. */
    async write(instanceId: InstanceId, uploadId: string, state: ImportState): Promise<void> {
      await db
        .update(homeImports)
        .set({ ...state, seenAt: sql`now()` })
        .where(isOne(instanceId, uploadId))
    },

    /** Nobody wants to read tomorrow how yesterday's went. */
    async deleteOld(): Promise<void> {
      await db.delete(homeImports).where(sql`${homeImports.seenAt} < now() - interval '1 day'`)
    },

    async forget(instanceId: InstanceId): Promise<void> {
      await db.delete(homeImports).where(eq(homeImports.instanceId, instanceId))
    },
  }
}
