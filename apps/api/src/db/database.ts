/** What the domains know of the database: drizzle over either driver, and notifications between api processes. */
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'
import type { ExtractTablesWithRelations } from 'drizzle-orm/relations'
import type * as schema from './schema/index.ts'

export type Db = PgDatabase<PgQueryResultHKT, typeof schema>
export type Tx = PgTransaction<PgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>
/** A store's verb runs alone or as part of a transaction. Inside one, use only its `tx`. */
export type DbOrTx = Db | Tx

export interface Listener {
  onMessage: (payload: string) => void
  /** Messages may have been missed: at the first connection and after each lost one. */
  onConnected: () => void
}

/** Values stand for `$1`, `$2`, …; the text is prepared, so it must not be made of values. */
export interface Statement {
  text: string
  params: readonly (string | number | null)[]
}

/** For a library that speaks SQL itself: where it connects, or what speaks for it in this process. */
export type DatabaseDoor =
  | { url: string }
  | {
      embedded: {
        query: <Row>(text: string, params?: unknown[]) => Promise<{ rows: Row[] }>
        /** A script of several statements. */
        exec: (text: string) => Promise<{ rows: unknown[] }[]>
      }
    }

export interface Database {
  readonly name: 'postgres' | 'pglite'
  readonly db: Db
  /** Whether this process is the only one that can use the database. */
  readonly exclusive: boolean
  /**
   * Rows of each statement. Several are one transaction, and are sent at once where the driver can; one alone costs no
   * more than its own round trip.
   */
  batch: (statements: readonly Statement[]) => Promise<unknown[][]>
  readonly door: DatabaseDoor
  /** Applies the migrations that are missing, one process at a time. */
  migrate: () => Promise<void>
  listen: (channel: string, listener: Listener) => Promise<() => Promise<void>>
  notify: (channel: string, payload: string) => Promise<void>
  close: () => Promise<void>
}

/** Folder of the generated SQL. */
export const MIGRATIONS_FOLDER = join(ROOT, 'apps/api/drizzle')
