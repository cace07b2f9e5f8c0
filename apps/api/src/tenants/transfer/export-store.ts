/** The SQL of exports that are made to be downloaded later: one of each home. */
import type { ExportState, InstanceId } from '@matrixos/shared'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { homeExports } from '../../db/schema/index.ts'
import type { ExportRef } from '../../ports/export-files.ts'

/** How long a file waits for its download. */
const KEPT = sql`interval '24 hours'`
/** Whoever packs is silent for that long only if it is gone. */
const LOST = sql`interval '30 seconds'`
/** Of the database, for whoever asks whether there is room. */
const ROOM_LOCK = 7_305_113_271
const IS_LOST = sql`${homeExports.status} = 'packing'
  and ${homeExports.seenAt} not between now() - ${LOST} and now() + ${LOST}`
const IS_OLD = sql`(${homeExports.keptUntil} <= now()
  or ${homeExports.status} = 'failed' and ${homeExports.seenAt} < now() - interval '1 day')`

export type ExportStore = ReturnType<typeof createExportStore>

export function createExportStore({ db }: Pick<Database, 'db'>) {
  const isOne = ({ instanceId, exportId }: ExportRef): SQL | undefined =>
    and(eq(homeExports.instanceId, instanceId), eq(homeExports.exportId, exportId))
  const isPacked = ({ instanceId, exportId }: ExportRef) =>
    and(isOne({ instanceId, exportId }), eq(homeExports.status, 'packing'))

  return {
    /** What its owner may know: a file whose time is over is none. */
    async of(instanceId: InstanceId): Promise<ExportState | null> {
      const [row] = await db
        .select()
        .from(homeExports)
        .where(and(eq(homeExports.instanceId, instanceId), sql`not ${IS_OLD} is true`))
      if (!row) return null
      const { exportId: id, status, doneBytes, totalBytes, sizeBytes, message, keptUntil } = row
      return {
        ...{ id, status, doneBytes, totalBytes, sizeBytes, message },
        keptUntil: keptUntil?.toISOString() ?? null,
      }
    },

    /** In place of one that is over. `false`: one is under way. */
    async begin({ instanceId, exportId }: ExportRef): Promise<boolean> {
      const fresh = { exportId, status: 'packing', seenAt: sql`now()` } as const
      const nothing = { doneBytes: 0, totalBytes: null, sizeBytes: null, message: null, keptUntil: null }
      const begun = await db
        .insert(homeExports)
        .values({ instanceId, ...fresh })
        .onConflictDoUpdate({
          target: homeExports.instanceId,
          set: { ...fresh, ...nothing },
          setWhere: sql`${homeExports.status} <> 'packing'`,
        })
        .returning({ instanceId: homeExports.instanceId })
      return begun.length > 0
    },

    /** The id of what is to be packed; `null`: nothing is. */
    async job(instanceId: InstanceId): Promise<string | null> {
      const [row] = await db
        .select({ exportId: homeExports.exportId })
        .from(homeExports)
        .where(and(eq(homeExports.instanceId, instanceId), eq(homeExports.status, 'packing')))
      return row?.exportId ?? null
    },

    /** Those that nobody goes on with. */
    lost: async (): Promise<InstanceId[]> => {
      const rows = await db.select({ instanceId: homeExports.instanceId }).from(homeExports).where(IS_LOST)
      return rows.map(({ instanceId }) => instanceId)
    },

    /** How far it is. `false`: nobody wants it any more. */
    async write(ref: ExportRef, state: { doneBytes: number; totalBytes: number | null }): Promise<boolean> {
      const written = await db
        .update(homeExports)
        .set({ ...state, seenAt: sql`now()` })
        .where(isPacked(ref))
        .returning({ instanceId: homeExports.instanceId })
      return written.length > 0
    },

    /** The file is there. `false`: nobody wants it any more. */
    async finish(ref: ExportRef, sizeBytes: number): Promise<boolean> {
      const kept = { status: 'ready', sizeBytes, keptUntil: sql`now() + ${KEPT}` } as const
      const written = await db
        .update(homeExports)
        .set({ ...kept, seenAt: sql`now()` })
        .where(isPacked(ref))
        .returning({ instanceId: homeExports.instanceId })
      return written.length > 0
    },

    async fail(ref: ExportRef, message: string): Promise<void> {
      await db.update(homeExports).set({ status: 'failed', message, seenAt: sql`now()` }).where(isPacked(ref))
    },

    /** Cancels it, or forgets the file. */
    async forget(instanceId: InstanceId): Promise<void> {
      await db.delete(homeExports).where(eq(homeExports.instanceId, instanceId))
    },

    /**
     * Sets bytes aside for it. `full`: with all that is kept, and what others have set aside, that would be more than
     * `roomBytes`. `gone`: nobody wants it any more.
     */
    reserve: (ref: ExportRef, bytes: number, roomBytes: number): Promise<'reserved' | 'full' | 'gone'> =>
      db.transaction(async (tx) => {
        // One after another: two at once would each find the room that only one of them has.
        await tx.execute(sql`select pg_advisory_xact_lock(${ROOM_LOCK})`)
        const [row] = await tx
          .select({
            bytes: sql<string>`coalesce(sum(coalesce(${homeExports.sizeBytes}, ${homeExports.totalBytes}, 0)), 0)`,
          })
          .from(homeExports)
          .where(sql`${homeExports.status} <> 'failed' and ${homeExports.instanceId} <> ${ref.instanceId}`)
        if (bytes + Number(row?.bytes ?? 0) > roomBytes) return 'full'
        const written = await tx
          .update(homeExports)
          .set({ totalBytes: bytes || null, seenAt: sql`now()` })
          .where(isPacked(ref))
          .returning({ instanceId: homeExports.instanceId })
        return written.length > 0 ? 'reserved' : 'gone'
      }),

    /** Files that somebody still may want, by instance, once what is too old is forgotten. */
    async kept(): Promise<ReadonlyMap<string, string>> {
      await db.delete(homeExports).where(IS_OLD)
      const rows = await db
        .select({ instanceId: homeExports.instanceId, exportId: homeExports.exportId })
        .from(homeExports)
      return new Map(rows.map(({ instanceId, exportId }) => [instanceId, exportId]))
    },
  }
}
