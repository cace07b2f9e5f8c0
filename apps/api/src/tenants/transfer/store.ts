/** The SQL of imports: where each home's last one stands, for whichever api process is asked. */
import type { ImportState, InstanceId } from '@matrixos/shared'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { homeImports } from '../../db/schema/index.ts'

/** Whoever unpacks is silent for that long only if it is gone. */
const LOST = sql`interval '30 seconds'`
const IS_OVER = sql`${homeImports.status} in ('done', 'failed')`
/** Seen after now: before the database's clock was set back. */
const IS_LOST = sql`${homeImports.seenAt} not between now() - ${LOST} and now() + ${LOST}`

export interface ImportRow {
  state: ImportState
  /** Its process has ended on the way. */
  isLost: boolean
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
    async begin(instanceId: InstanceId, uploadId: string, totalBytes: number): Promise<boolean> {
      const fresh = { uploadId, totalBytes, status: 'unpacking', seenAt: sql`now()` } as const
      const begun = await db
        .insert(homeImports)
        .values({ instanceId, ...fresh })
        .onConflictDoUpdate({
          target: homeImports.instanceId,
          set: { ...fresh, doneBytes: 0, message: null, manifest: null },
          setWhere: sql`${IS_OVER} or ${IS_LOST}`,
        })
        .returning({ instanceId: homeImports.instanceId })
      return begun.length > 0
    },

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
