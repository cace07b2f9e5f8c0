/** Signed-in browsers: opened after a login, carried by two cookies, refreshed, closed one by one or all at once. */
import { idSchema, newId, type SessionId, type UserId } from '@matrixos/shared'
import { sealData, unsealData } from 'iron-session'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import { COOKIES, readCookie, setCookie } from '../cookies.ts'
import { AppError } from '../errors.ts'
import { deriveKey } from '../keys.ts'
import type { RequestInfo } from '../request.ts'
import { issue, judge, parse } from './refresh-token.ts'
import type { SessionRow, SessionStore } from './session-store.ts'
import { createSessionStreams } from './session-streams.ts'

/** Who asks, on the app's own host. */
export interface Session {
  id: SessionId
  userId: UserId
  handle: string
  authenticatedAt: Date
}

const LIFE_MS = COOKIES.refresh.maxAge * 1000
/** How long the gate may go without asking the database whether a session still stands: under the promised 5 s. */
const ALIVE_CACHE_MS = 2_000
/** A login this recent counts for steps that want the person to be present. */
const RECENT_LOGIN_MS = 5 * 60_000

const sealSchema = z.object({ sid: idSchema('ses'), version: z.literal(1) })
const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in to go on.')

export interface SessionsOptions {
  store: SessionStore
  audit: Audit
  clock: Clock
  platformSecret: string
  /** Sessions of one account; beyond that, the one unused for longest ends. */
  mostSessions: number
  /** Streams that one session may hold open. */
  mostStreams: number
}

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(options: SessionsOptions) {
  const { store, audit, clock, platformSecret, mostSessions, mostStreams } = options
  const password = deriveKey(platformSecret, 'session-seal')
  const refreshKey = deriveKey(platformSecret, 'refresh-token')
  const alive = new LRUCache<SessionId, { row: SessionRow | null }>({ max: 10_000, ttl: ALIVE_CACHE_MS })

  async function writeCookies(request: RequestInfo, id: SessionId, refreshNumber: number): Promise<void> {
    const seal = await sealData({ sid: id, version: 1 }, { password, ttl: COOKIES.session.maxAge })
    request.setCookie(setCookie('session', seal))
    request.setCookie(setCookie('refresh', issue(refreshKey, id, refreshNumber)))
  }

  function clearCookies(request: RequestInfo): void {
    request.setCookie(setCookie('session', null))
    request.setCookie(setCookie('refresh', null))
  }

  async function revokeReused(request: RequestInfo, row: SessionRow): Promise<never> {
    await forget(row)
    clearCookies(request)
    await audit.record({
      actor: row.userId,
      action: 'refresh_token_reused',
      target: row.id,
      address: request.address,
    })
    throw signedOut()
  }

  async function current(headers: Headers): Promise<Session | null> {
    const seal = readCookie(headers.get('cookie'), 'session')
    if (!seal) return null
    const content = sealSchema.safeParse(await unsealData(seal, { password, ttl: COOKIES.session.maxAge }))
    const found = content.success ? await store.session(content.data.sid, new Date(clock.now())) : null
    if (!found) return null
    const { id, userId, authenticatedAt } = found.session
    return { id, userId, authenticatedAt, handle: found.handle }
  }

  async function forget({ id, userId }: Pick<Session, 'id' | 'userId'>): Promise<void> {
    await store.deleteSession(id)
    end(id, userId)
  }

  function end(id: SessionId, userId: UserId): void {
    alive.delete(id)
    streams.close(id, userId)
  }

  async function endSurplus(request: RequestInfo, userId: UserId): Promise<void> {
    for (const id of await store.deleteOldest(userId, mostSessions)) {
      end(id, userId)
      const entry = { actor: userId, action: 'session_displaced', target: id } as const
      await audit.record({ ...entry, address: request.address })
    }
  }

  async function isAlive(id: SessionId): Promise<boolean> {
    const known = alive.get(id)
    if (known) return known.row !== null
    const row = (await store.session(id, new Date(clock.now())))?.session ?? null
    alive.set(id, { row })
    return row !== null
  }
  const streams = createSessionStreams({ isAlive, mostStreams })

  return {
    /** Whoever signs in anew leaves no older session of the same browser behind. */
    async open(request: RequestInfo, userId: UserId): Promise<void> {
      const before = await current(request.headers)
      if (before) await forget(before)
      const now = new Date(clock.now())
      const id = newId('ses', clock)
      const times = { createdAt: now, authenticatedAt: now, lastUsedAt: now, refreshedAt: now }
      const expiresAt = new Date(now.getTime() + LIFE_MS)
      await store.insertSession({
        id,
        userId,
        userAgent: request.userAgent,
        ...times,
        expiresAt,
        refreshNumber: 0,
      })
      await endSurplus(request, userId)
      await writeCookies(request, id, 0)
    },

    /** The session of the request's cookie, or `null`: absent, tampered with, expired, revoked. */
    current,

    /** Gives a new pair of cookies for the refresh cookie. A token that was replaced long ago closes the session. */
    async refresh(request: RequestInfo): Promise<void> {
      const token = parse(refreshKey, readCookie(request.headers.get('cookie'), 'refresh') ?? '')
      const now = clock.now()
      const row = token && (await store.session(token.sid, new Date(now)))?.session
      if (!token || !row) {
        clearCookies(request)
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
        })
      }
      await writeCookies(request, row.id, token.n + 1)
    },

    /** Throws `unauthorized` when the browser holds what `refresh` asks for. Whether it is still good, `refresh` says. */
    refuseIfRenewable({ headers }: Pick<RequestInfo, 'headers'>): void {
      if (readCookie(headers.get('cookie'), 'refresh')) throw signedOut()
    },

    async close(request: RequestInfo, session: Session): Promise<void> {
      await forget(session)
      clearCookies(request)
    },

    /** Answers how many sessions were closed, this one included. */
    async closeAll(request: RequestInfo, session: Session): Promise<number> {
      const closed = await store.deleteSessionsOf(session.userId)
      for (const id of closed) end(id, session.userId)
      clearCookies(request)
      return closed.length
    },

    /** For the gate: whether a session still stands, at most 2 s behind. Throws when the database is away. */
    isAlive,

    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: streams.open,
    onClosed: streams.onClosed,

    requireRecentLogin(session: Session): void {
      if (clock.now() - session.authenticatedAt.getTime() <= RECENT_LOGIN_MS) return
      throw new AppError(
        'step_up_required',
        'For this step, sign in again: your last sign-in is more than 5 minutes ago.',
      )
    },
  }
}
