/**
 * What this process knows of sessions: which have ended, and which the database last confirmed when. An end is
 * final, so it is remembered for as long as a cookie of that session could live, whatever the database says or fails
 * to say meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { SessionId, UserId } from '@matrixos/shared'
import { LRUCache } from 'lru-cache'
import { AppError, isDatabaseAway } from '../../errors.ts'
import { COOKIES } from '../../http/cookies.ts'
import type { SessionStore } from './store.ts'

/** How long the database is not asked again about a session: well under the promised 5 s. */
const FRESH_MS = 2_000
/** How long a request waits for the database to say whether a session stands: ten turns of 100 ms. */
const PATIENCE_TURNS = 10
const TURN_MS = 100
/** How long nobody waits for it again when there was no answer. */
const AWAY_MS = 2_000
/** Sessions in one question to the database. */
const BATCH = 1_000

/** Sessions of which is known that they ended, or that they stand. */
const MOST_ENDED = 100_000
const MOST_CONFIRMED = 50_000
/** Bounded by size: with `max`, the cache would take the room for all of them at once, 6 MB for sessions that may never be. */
const one = () => 1

const COOKIE_LIFE_MS = 1000 * Math.max(COOKIES.app.maxAge, COOKIES.session.maxAge)

export interface SessionStateOptions {
  store: Pick<SessionStore, 'sessionRow' | 'existing'>
  /** Milliseconds since 1970, for expiry. */
  now: () => number
  /** How long a session that the database confirmed is let in while the database is away. */
  graceMs: number
  /** Milliseconds that no change of the system's clock moves. */
  monotonic: () => number
  /** Told once of each end, however this process learned of it. */
  onEnd: (id: SessionId, userId: UserId) => void
}

export type SessionState = ReturnType<typeof createSessionState>

/** In turns, so that a pause of this very process counts as one of them: the answer may be there, and not read yet. */
async function patience(signal: AbortSignal): Promise<null> {
  for (let turn = 0; turn < PATIENCE_TURNS; turn++) await delay(TURN_MS, undefined, { signal })
  return null
}

export function createSessionState(options: SessionStateOptions) {
  const { store, now, graceMs, monotonic, onEnd } = options
  const ended = new LRUCache<SessionId, { isTold: boolean }>({
    maxSize: MOST_ENDED,
    sizeCalculation: one,
    ttl: COOKIE_LIFE_MS,
    ttlResolution: 0,
    perf: { now: monotonic },
  })
  const confirmed = new LRUCache<SessionId, { userId: UserId; at: number }>({
    maxSize: MOST_CONFIRMED,
    sizeCalculation: one,
  })
  const asking = new Map<SessionId, Promise<boolean>>()
  let awayUntil = Number.NEGATIVE_INFINITY

  const isConfirmed = (id: SessionId, withinMs: number): boolean => {
    const at = confirmed.get(id)?.at
    return at !== undefined && monotonic() - at <= withinMs
  }

  /** Whose it was is not known where it was never confirmed: whoever knows comes later, and is told then. */
  function end(id: SessionId, userId: UserId | undefined): void {
    const wasTold = ended.get(id)?.isTold ?? false
    ended.set(id, { isTold: wasTold || userId !== undefined })
    confirmed.delete(id)
    if (userId !== undefined && !wasTold) onEnd(id, userId)
  }

  async function ask(id: SessionId): Promise<boolean> {
    const at = monotonic()
    const row = await store.sessionRow(id)
    // It may have ended while the database answered.
    if (!row) end(id, confirmed.get(id)?.userId)
    if (ended.has(id) || !row || row.expiresAt.getTime() <= now()) {
      confirmed.delete(id)
      return false
    }
    confirmed.set(id, { userId: row.userId, at })
    return true
  }

  /** At most 2 s behind. Throws when the database is away. */
  async function isAlive(id: SessionId): Promise<boolean> {
    if (ended.has(id)) return false
    if (isConfirmed(id, FRESH_MS)) return true
    const under = asking.get(id) ?? ask(id).finally(() => asking.delete(id))
    asking.set(id, under)
    return under
  }

  /** `null`: no answer, or none in time; then nobody waits for one for a moment. */
  async function askSoon(id: SessionId): Promise<boolean | null> {
    if (monotonic() < awayUntil) return null
    const over = new AbortController()
    const late = patience(over.signal).catch(() => null)
    try {
      const answer = await Promise.race([isAlive(id), late])
      if (answer !== null) return answer
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
    } finally {
      over.abort()
    }
    awayUntil = monotonic() + AWAY_MS
    return null
  }

  return {
    isAlive,

    /**
     * For the gate, which must not stop when the database does: a session that was confirmed a moment ago goes on, one
     * that ended stays out. Throws `database_unavailable` for one of which nothing is known.
     */
    async mayEnter(id: SessionId): Promise<boolean> {
      if (ended.has(id)) return false
      if (isConfirmed(id, FRESH_MS)) return true
      const answer = await askSoon(id)
      if (answer !== null) return answer
      if (ended.has(id)) return false
      if (isConfirmed(id, graceMs)) return true
      throw new AppError('database_unavailable', 'The platform cannot check your session right now.', {
        retryAfterS: 5,
      })
    },

    end,

    /** Sessions seen here that the database no longer has. */
    async findEnded(): Promise<{ id: SessionId; userId: UserId }[]> {
      const known = [...confirmed.entries()].map(([id, { userId }]) => ({ id, userId }))
      const gone: typeof known = []
      for (let from = 0; from < known.length; from += BATCH) {
        const batch = known.slice(from, from + BATCH)
        const there = new Set(await store.existing(batch.map(({ id }) => id)))
        gone.push(...batch.filter(({ id }) => !there.has(id)))
      }
      return gone
    },
  }
}
