/**
 * What the owner of an account has to know and did not do in the session they look from. Whoever came in by the very
 * thing that a notice tells of must not be able to silence it: only a session that was open before can end it for all
 * others, a later one hides it from itself.
 */
import { NOTICE_KINDS, type NoticeView, type SessionId, type UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import type { Database, DbOrTx } from '../../db/database.ts'
import type { NoticeStore } from './store.ts'

export interface NoticesOptions {
  db: Database['db']
  store: NoticeStore
  clock: Clock
}

export interface Notice {
  userId: UserId
  kind: (typeof NOTICE_KINDS)[number]
  /** From where it was done; empty for the server itself. */
  address: string
}

/** Shown for this long to sessions that come later. */
const LIFE_MS = 90 * 86_400_000

const rowSchema = z.object({
  id: z.number(),
  kind: z.enum(NOTICE_KINDS),
  at: z.date(),
  detail: z.object({ address: z.string() }),
})

export type Notices = ReturnType<typeof createNotices>

export function createNotices({ db, store, clock }: NoticesOptions) {
  return {
    /** Within a transaction, if one is given. */
    add: ({ userId, kind, address }: Notice, tx: DbOrTx = db): Promise<number> =>
      store.insert(tx, { userId, kind, at: new Date(clock.now()), detail: { address } }),

    /** The session that did it knows. */
    hide: (id: number, sessionId: SessionId): Promise<void> => store.hide(id, sessionId),

    async list({ userId, sessionId }: SessionPrincipal): Promise<NoticeView[]> {
      const rows = await store.listFor(userId, sessionId)
      return rows.flatMap((row) => {
        // One that a later version wrote is of no use to this one.
        const known = rowSchema.safeParse(row)
        if (!known.success) return []
        const { id, kind, at, detail } = known.data
        return [{ id, kind, at: at.toISOString(), address: detail.address }]
      })
    },

    /** Does nothing for a notice that is gone already. */
    async dismiss({ userId, sessionId }: SessionPrincipal, id: number): Promise<void> {
      if (await store.removeSeenBy(userId, id, sessionId)) return
      if (await store.isOf(userId, id)) await store.hide(id, sessionId)
    },

    deleteOld: (now: Date): Promise<void> => store.deleteBefore(new Date(now.getTime() - LIFE_MS)),
  }
}
