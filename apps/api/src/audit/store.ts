/** The audit log: who did what to whom, when and from where. Rows are only ever added. */
import type { Clock } from '../clock.ts'
import type { Database, DbOrTx } from '../db/database.ts'
import { auditLog } from '../db/schema.ts'

export interface AuditEntry {
  actor: string
  action:
    | 'account_created'
    | 'account_deletion_requested'
    | 'login'
    | 'login_refused'
    | 'logout'
    | 'logout_everywhere'
    | 'refresh_token_reused'
    | 'session_displaced'
  target: string
  /** The client's network address. */
  address: string
  detail?: Record<string, unknown>
}

export type Audit = ReturnType<typeof createAudit>

export const createAudit = ({ db, clock }: { db: Database['db']; clock: Clock }) => ({
  /** Within a transaction, if one is given. */
  record: async (entry: AuditEntry, tx: DbOrTx = db): Promise<void> => {
    await tx.insert(auditLog).values({ detail: {}, ...entry, at: new Date(clock.now()) })
  },
})
