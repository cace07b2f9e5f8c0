/** Signed-in browsers: opened after a login, carried by two cookies, refreshed, closed one by one or all at once. */
import { idSchema, newId, type SessionId, type UserId } from '@matrixos/shared'
import { sealData, unsealData } from 'iron-session'
import { z } from 'zod'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import { COOKIES, readCookie, setCookie } from '../cookies.ts'
import type { Database } from '../db/database.ts'
import { AppError } from '../errors.ts'
import { deriveKey } from '../keys.ts'
import type { Log } from '../log.ts'
import type { RequestInfo } from '../request.ts'
import { issue, judge, parse } from './refresh-token.ts'
import { createSessionEnds } from './session-ends.ts'
import { createSessionState } from './session-state.ts'
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
/** A session's use is written down at most this often. */
const TOUCH_MS = 60_000
/** A login this recent counts for steps that want the person to be present. */
const RECENT_LOGIN_MS = 5 * 60_000

const sealSchema = z.object({ sid: idSchema('ses'), version: z.literal(1) })
const signedOut = () => new AppError('unauthorized', 'You are signed out. Sign in to go on.')

export interface SessionsOptions {
  store: SessionStore
  database: Pick<Database, 'listen' | 'notify'>
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
  const password = deriveKey(platformSecret, 'session-seal')
  const refreshKey = deriveKey(platformSecret, 'refresh-token')
  const state = createSessionState({
    ...{ store, graceMs, now: clock.now, monotonic: clock.monotonic },
    onEnd: (id, userId) => streams.close(id, userId),
  })
  const streams = createSessionStreams({ isAlive: state.isAlive, mostStreams })
  const ends = await createSessionEnds({ ...options, state })

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

  /** No request waits for this: only which session ends first depends on it. */
  function touch({ id, lastUsedAt }: SessionRow): void {
    const now = clock.now()
    if (now - lastUsedAt.getTime() < TOUCH_MS) return
    const saved = store.touchSession(id, { now: new Date(now), before: new Date(now - TOUCH_MS) })
    saved.catch((error: unknown) => log.warn({ err: error }, 'the use of a session was not saved'))
  }

  async function current(headers: Headers): Promise<Session | null> {
    const seal = readCookie(headers.get('cookie'), 'session')
    if (!seal) return null
    const content = sealSchema.safeParse(await unsealData(seal, { password, ttl: COOKIES.session.maxAge }))
    const found = content.success ? await store.session(content.data.sid, new Date(clock.now())) : null
    if (!found) return null
    touch(found.session)
    const { id, userId, authenticatedAt } = found.session
    return { id, userId, authenticatedAt, handle: found.handle }
  }

  async function forget({ id, userId }: Pick<Session, 'id' | 'userId'>): Promise<void> {
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
      await endSurplus(request, userId, id)
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
      for (const id of closed) ends.announce(id, session.userId)
      clearCookies(request)
      return closed.length
    },

    /** Whether a session still stands, at most 2 s behind. Throws when the database is away. */
    isAlive: state.isAlive,
    mayEnter: state.mayEnter,

    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: streams.open,
    onClosed: streams.onClosed,

    requireRecentLogin(session: Session): void {
      // A login that seems to lie ahead was before the clock was set back: how long before, nobody knows.
      if (Math.abs(clock.now() - session.authenticatedAt.getTime()) <= RECENT_LOGIN_MS) return
      throw new AppError(
        'step_up_required',
        'For this step, sign in again: your last sign-in is more than 5 minutes ago.',
      )
    },

    /** Ends here what the database no longer has: whoever ended it may have died before saying so. */
    catchUp: ends.catchUp,

    /** Hears no more of other processes. */
    deafen: ends.close,
  }
}
