/** Signed-in browsers: opened after a login, carried by two cookies, refreshed, closed one by one or all at once. */

import { newId, type SessionId, type SessionMethod, scopesOf, type UserId } from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Tx } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import { AppError } from '../../errors.ts'
import { COOKIES } from '../../http/cookies.ts'
import { clientAddress, type RequestInfo } from '../../http/request.ts'
import type { Log } from '../../log.ts'
import { SIGNED_OUT } from '../../texts.ts'
import { createSessionCookies } from './cookies.ts'
import { createSessionEnds } from './ends.ts'
import { createOwnSessions } from './own.ts'
import { judge } from './refresh-token.ts'
import { createSessionState } from './state.ts'
import type { SessionRow, SessionStore } from './store.ts'
import { createSessionStreams } from './streams.ts'
import { refuseSuspended } from './suspended.ts'

const LIFE_MS = COOKIES.refresh.maxAge * 1000
/** A session's use is written down at most this often. */
const TOUCH_MS = 60_000
const signedOut = () => new AppError('unauthorized', SIGNED_OUT)

export interface SessionsOptions {
  store: SessionStore
  notifications: Notifications
  audit: Audit
  clock: Clock
  log: Log
  platformSecret: string
  /** Sessions of one account; beyond that, the one unused for longest ends. */
  mostSessions: number
  /** Streams that one session may hold open. */
  mostStreams: number
  /** How long a confirmed session is let in while the database is away. */
  graceMs: number
}

export type Sessions = Awaited<ReturnType<typeof createSessions>>

export async function createSessions(options: SessionsOptions) {
  const { store, audit, clock, log, platformSecret, mostSessions, mostStreams, graceMs } = options
  const cookies = createSessionCookies(platformSecret)
  const state = createSessionState({
    store,
    now: clock.now,
    monotonic: clock.monotonic,
    graceMs,
    onEnd: (id, userId) => streams.close(id, userId),
  })
  const streams = createSessionStreams({ isAlive: state.isAlive, mostStreams })
  const ends = await createSessionEnds({ ...options, state })

  async function revokeReused(request: RequestInfo, row: SessionRow): Promise<never> {
    await forget(row.id, row.userId)
    cookies.clear(request)
    const entry = { actor: row.userId, action: 'refresh_token_reused', target: row.id } as const
    await audit.record({ ...entry, address: request.address })
    throw signedOut()
  }

  /** No request waits for this: only which session ends first depends on it. */
  function touch({ id, lastUsedAt }: SessionRow, headers: Headers): void {
    const now = clock.now()
    if (now - lastUsedAt.getTime() < TOUCH_MS) return
    const address = clientAddress(headers.get('x-forwarded-for'))
    const saved = store.touchSession(id, { now: new Date(now), before: new Date(now - TOUCH_MS), address })
    saved.catch((error: unknown) => log.warn({ err: error }, 'failed to save session use'))
  }

  async function current(headers: Headers): Promise<SessionPrincipal | null> {
    const id = await cookies.sessionId(headers)
    const found = id && (await store.session(id, new Date(clock.now())))
    if (!found) return null
    touch(found.session, headers)
    const { userId, authenticatedAt } = found.session
    const { handle, role } = found
    const scopes = scopesOf(role)
    return { how: 'session', sessionId: id, userId, handle, role, scopes, provedAt: authenticatedAt }
  }

  async function forget(id: SessionId, userId: UserId): Promise<void> {
    await store.deleteSession(id)
    ends.announce(id, userId)
  }

  async function endSurplus(request: RequestInfo, userId: UserId, opened: SessionId): Promise<void> {
    for (const id of await store.deleteOldest(userId, mostSessions, opened)) {
      ends.announce(id, userId)
      const entry = { actor: userId, action: 'session_displaced', target: id } as const
      await audit.record({ ...entry, address: request.address })
    }
  }

  return {
    /** After a right credential. Leaves no older session of the same browser behind. Throws `account_suspended`. */
    async open(request: RequestInfo, userId: UserId, method: SessionMethod): Promise<SessionId> {
      await refuseSuspended(options, request, userId)
      const before = await current(request.headers)
      if (before) await forget(before.sessionId, before.userId)
      const now = new Date(clock.now())
      const id = newId('ses', clock)
      const times = { createdAt: now, authenticatedAt: now, lastUsedAt: now, refreshedAt: now }
      const expiresAt = new Date(now.getTime() + LIFE_MS)
      await store.insertSession({
        id,
        userId,
        ...{ userAgent: request.userAgent, address: request.address, method, ...times },
        expiresAt,
        refreshNumber: 0,
      })
      await endSurplus(request, userId, id)
      await cookies.write(request, id, 0)
      return id
    },

    /** As `open` throws: for what must not be used up by whoever cannot come in. */
    refuseSuspended: (request: RequestInfo, userId: UserId): Promise<void> =>
      refuseSuspended(options, request, userId),

    /** The session of the request's cookie, or `null`: absent, tampered with, expired, revoked. */
    current,

    /** Gives a new pair of cookies for the refresh cookie. A token that was replaced long ago closes the session. */
    async refresh(request: RequestInfo): Promise<void> {
      const token = cookies.refreshToken(request.headers)
      const now = clock.now()
      const row = token && (await store.session(token.sid, new Date(now)))?.session
      if (!token || !row) {
        cookies.clear(request)
        throw signedOut()
      }
      const verdict = judge({
        n: token.n,
        current: row.refreshNumber,
        rotatedAt: row.refreshedAt.getTime(),
        now,
      })
      if (verdict === 'reuse') return revokeReused(request, row)
      if (verdict === 'rotate') {
        // Losing this race is fine: whoever won made the very token that is handed out below.
        await store.rotate(row.id, token.n, {
          refreshedAt: new Date(now),
          expiresAt: new Date(now + LIFE_MS),
          address: request.address,
        })
      }
      await cookies.write(request, row.id, token.n + 1)
    },

    /** Throws `unauthorized` when the browser holds what `refresh` asks for. Whether it is still good, `refresh` says. */
    refuseIfRenewable({ headers }: Pick<RequestInfo, 'headers'>): void {
      if (cookies.hasRefreshToken(headers)) throw signedOut()
    },

    ...createOwnSessions({ store, ends, cookies, audit, clock }),

    async close(request: RequestInfo, { sessionId, userId }: SessionPrincipal): Promise<void> {
      await forget(sessionId, userId)
      cookies.clear(request)
    },

    /** Answers how many sessions were closed, this one included. */
    async closeAll(request: RequestInfo, { userId }: SessionPrincipal): Promise<number> {
      const closed = await store.deleteSessionsOf(userId)
      for (const id of closed) ends.announce(id, userId)
      cookies.clear(request)
      return closed.length
    },

    /** Deletes all sessions of these people; the answer says so to every process, once that is committed. */
    async endAllOf(tx: Tx, userIds: UserId[]): Promise<() => void> {
      const ended = await store.deleteAllOf(tx, userIds)
      return () => {
        for (const { id, userId } of ended) ends.announce(id, userId)
      }
    },

    /** Whether a session still stands, at most 2 s behind. Throws when the database is away. */
    isAlive: state.isAlive,
    mayEnter: state.mayEnter,

    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: streams.open,
    onClosed: streams.onClosed,

    /** Finds sessions seen here that ended without a notice: whoever ended one may have died before sending it. */
    catchUp: ends.catchUp,

    /** Stops listening to other processes. */
    deafen: ends.close,
  }
}
