/** The SQL of settings. */
import type { SettingName, UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { settings, users } from '../db/schema/index.ts'

export interface StoredSetting {
  name: string
  value: unknown
  updatedAt: Date
  /** Their handle, or `server`. */
  updatedBy: string | null
}

export type SettingStore = ReturnType<typeof createSettingStore>

export const createSettingStore = ({ db }: Pick<Database, 'db'>) => ({
  async all(): Promise<StoredSetting[]> {
    const rows = await db
      .select({ setting: settings, handle: users.handle })
      .from(settings)
      .leftJoin(users, eq(users.id, settings.updatedBy))
    return rows.map(({ setting: { name, value, updatedAt, updatedBy }, handle }) => ({
      ...{ name, value, updatedAt },
      updatedBy: updatedBy === 'server' ? updatedBy : handle,
    }))
  },

  /** Resolves with the value before, or `undefined`. */
  async set(
    tx: DbOrTx,
    name: SettingName,
    change: { value: unknown; updatedAt: Date; updatedBy: UserId | 'server' },
  ): Promise<unknown> {
    const before = await tx.select({ value: settings.value }).from(settings).where(eq(settings.name, name))
    await tx
      .insert(settings)
      .values({ name, ...change })
      .onConflictDoUpdate({ target: settings.name, set: change })
    return before[0]?.value
  },
})
