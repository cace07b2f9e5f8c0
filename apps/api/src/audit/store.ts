/** The audit log: who did what to whom, when and from where. Rows are only ever added, and age out. */
import { and, eq, inArray, lt } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Database, DbOrTx } from '../db/database.ts'
import { auditLog } from '../db/schema/index.ts'

export interface AuditEntry {
  actor: string
  action:
    | 'account_created'
    | 'account_deletion_requested'
    | 'account_deletion_undone'
    | 'enrolment_link_issued'
    | 'factor_added'
    | 'factor_removed'
    | 'device_approved'
    | 'device_denied'
    | 'login'
    | 'login_refused'
    | 'logout'
    | 'logout_everywhere'
    | 'password_changed'
    | 'profile_changed'
    | 'recovery_codes_made'
    | 'refresh_token_reused'
    | 'session_displaced'
    | 'setting_changed'
    | 'price_edited'
    | 'plan_saved'
    | 'plan_removed'
    | 'plan_assigned'
    | 'throttle_lifted'
    | 'invite_created'
    | 'invite_revoked'
    | 'admin_link_issued'
    | 'role_changed'
    | 'account_suspended'
    | 'account_unsuspended'
    | 'instance_put_to_sleep'
    | 'instance_woken'
    | 'home_exported'
    | 'home_imported'
    | 'home_taken_back'
    | 'account_recovery_approved'
    | 'session_revoked'
    | 'sessions_revoked'
    | 'viewer_added'
    | 'viewer_left'
    | 'viewer_removed'
    | 'app_published'
    | 'app_publication_changed'
    | 'app_unpublished'
    | 'step_up'
    | 'step_up_refused'
    | 'token_created'
    | 'token_revoked'
    | 'webhook_created'
    | 'webhook_removed'
    | 'credits_requested'
    | 'credit_request_withdrawn'
    | 'credits_granted'
    | 'credits_denied'
    | 'credit_limits_set'
    | 'matrix_client_added'
    | 'matrix_client_removed'
    | 'own_key_set'
    | 'own_key_removed'
    | 'ai_token_rotated'
    | 'alert_address_set'
    | 'alert_address_confirmed'
    | 'alert_address_removed'
    | 'ai_token_rotated'
    | 'upgrade_started'
    | 'upgrade_stopped'
    | 'upgrade_taken_back'
    | 'post_hidden'
    | 'post_shown'
    | 'report_dismissed'
  target: string
  /** The client's network address. */
  address: string
  detail?: Record<string, unknown>
}

/** Anyone may cause a refusal, so these alone would grow without end; all else comes from people with an account. */
const REFUSAL_LIFE_MS = 30 * 86_400_000
/** Rows that one statement deletes: it must end long before the database's limit. */
const BATCH = 1_000

export type Audit = ReturnType<typeof createAudit>

export const createAudit = ({ db, clock }: { db: Database['db']; clock: Clock }) => ({
  /** Within a transaction, if one is given. */
  record: async (entry: AuditEntry, tx: DbOrTx = db): Promise<void> => {
    await tx.insert(auditLog).values({ detail: {}, ...entry, at: new Date(clock.now()) })
  },

  /** Forgets refused logins of more than 30 days ago. */
  async deleteOld(): Promise<void> {
    const before = new Date(clock.now() - REFUSAL_LIFE_MS)
    const refused = eq(auditLog.action, 'login_refused' satisfies AuditEntry['action'])
    const old = db
      .select({ id: auditLog.id })
      .from(auditLog)
      .where(and(refused, lt(auditLog.at, before)))
      .limit(BATCH)
    for (;;) {
      const gone = await db.delete(auditLog).where(inArray(auditLog.id, old)).returning({ id: auditLog.id })
      if (gone.length < BATCH) return
    }
  },
})
