/** A person's own sessions: proved again, seen in a list, and ended one by one or all but the one in use. */
import type { SessionId, SessionView } from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { SIGNED_OUT } from '../../texts.ts'
import type { SessionCookies } from './cookies.ts'
import type { SessionEnds } from './ends.ts'
import type { SessionStore } from './store.ts'
import { sessionView } from './view.ts'

export interface OwnSessionsOptions {
  store: SessionStore
  ends: Pick<SessionEnds, 'announce'>
  cookies: Pick<SessionCookies, 'clear'>
  audit: Audit
  clock: Clock
}

export function createOwnSessions({ store, ends, cookies, audit, clock }: OwnSessionsOptions) {
  return {
    /** The person has proved again who they are. Throws `unauthorized` when the session ended meanwhile. */
    async prove(id: SessionId): Promise<void> {
      if (await store.proveSession(id, new Date(clock.now()))) return
      throw new AppError('unauthorized', SIGNED_OUT)
    },

    /** What this person sees of their sessions, the last used first. */
    async list({ userId, sessionId }: SessionPrincipal): Promise<SessionView[]> {
      const rows = await store.sessionsOf(userId, new Date(clock.now()))
      return rows.map((row) => sessionView(row, sessionId))
    },

    /** Ends one of this person's sessions. Throws `not_found`, also for anybody else's. */
    async revoke(
      request: RequestInfo,
      { userId, sessionId }: SessionPrincipal,
      id: SessionId,
    ): Promise<void> {
      if (!(await store.deleteSessionOf(userId, id))) {
        throw new AppError('not_found', 'This session has already ended.')
      }
      ends.announce(id, userId)
      if (id === sessionId) cookies.clear(request)
      const entry = { actor: userId, action: 'session_revoked', target: id } as const
      await audit.record({ ...entry, address: request.address })
    },

    /** Ends all but the session that asks; answers how many. */
    async revokeOthers(request: RequestInfo, { userId, sessionId }: SessionPrincipal): Promise<number> {
      const closed = await store.deleteSessionsOf(userId, sessionId)
      for (const id of closed) ends.announce(id, userId)
      const entry = { actor: userId, action: 'sessions_revoked', target: userId } as const
      await audit.record({ ...entry, address: request.address, detail: { sessions: closed.length } })
      return closed.length
    },
  }
}
