/** Streams that a session holds open: they end with it, and their number is limited. */
import { EventEmitter } from 'node:events'
import type { SessionId, UserId } from '@matrixos/shared'
import { AppError } from '../../errors.ts'

/**
 * Another api process may have closed the session, and its notice may be lost: asked again this often, which with
 * the age that the answer may have stays under the promised 5 s.
 */
const CHECK_MS = 2_000
const RETRY_AFTER_S = 5

export interface SessionStreamsOptions {
  isAlive: (id: SessionId) => Promise<boolean>
  /** Of one session. */
  mostStreams: number
}

export function createSessionStreams({ isAlive, mostStreams }: SessionStreamsOptions) {
  const closed = new EventEmitter<Record<SessionId, []>>()
  closed.setMaxListeners(mostStreams)
  const watchers = new Set<(userId: UserId) => void>()

  return {
    /** The session is over. */
    close(id: SessionId, userId: UserId): void {
      closed.emit(id)
      for (const watcher of watchers) watcher(userId)
    },

    /** Told whose session ended, each time one does; the answer ends that. */
    onClosed(watcher: (userId: UserId) => void): () => void {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },

    /**
     * A signal for one stream: aborts when the client leaves (`gone`) or the session ends. Throws
     * `too_many_requests` when the session has too many already.
     */
    open(id: SessionId, gone: AbortSignal): AbortSignal {
      if (closed.listenerCount(id) >= mostStreams) {
        const text = 'Too many tabs are open in this browser. Close some of them.'
        throw new AppError('too_many_requests', text, { retryAfterS: RETRY_AFTER_S })
      }
      const over = new AbortController()
      const end = () => {
        clearInterval(check)
        closed.off(id, end)
        over.abort()
      }
      let isUnanswered = false
      const look = () => {
        // While the database is away nobody is signed out, and nobody is shown as true what nobody can know: whoever
        // resumes the stream is told why it ended.
        if (isUnanswered) return end()
        isUnanswered = true
        isAlive(id).then(
          (alive) => {
            isUnanswered = false
            if (!alive) end()
          },
          () => undefined,
        )
      }
      const check = setInterval(look, CHECK_MS)
      closed.once(id, end)
      if (gone.aborted) end()
      else gone.addEventListener('abort', end, { once: true })
      return over.signal
    },
  }
}
