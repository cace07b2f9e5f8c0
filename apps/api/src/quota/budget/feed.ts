/** Somebody's credits as they change: read once for all who watch them, and again at each hint. */
import type { CreditsView, UserId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { CreditChanges } from './changes.ts'

/** What a call has cost so far comes without a hint. */
const POLL_MS = 1_000
/** Between two readings: hundreds of short calls are as many hints. */
const SHORTEST_MS = 200

export interface FeedOptions {
  read: (userId: UserId) => Promise<CreditsView>
  changes: Pick<CreditChanges, 'onChange'>
  log: Log
}

interface Feed {
  watchers: number
  version: number
  view: CreditsView | null
  /** Waits for the next version. */
  readers: Set<() => void>
  /** Ends a wait for a hint. */
  hint: () => void
  over: AbortController
}

export type CreditFeed = ReturnType<typeof createCreditFeed>

export function createCreditFeed({ read, changes, log }: FeedOptions) {
  const feeds = new Map<UserId, Feed>()
  const forget = changes.onChange((userId) => {
    for (const [id, feed] of feeds) if (userId === null || userId === id) feed.hint()
  })

  function join(userId: UserId): Feed {
    const known = feeds.get(userId)
    if (known) {
      known.watchers++
      return known
    }
    const feed: Feed = {
      ...{ watchers: 1, version: 0, view: null, hint: () => {} },
      ...{ readers: new Set(), over: new AbortController() },
    }
    feeds.set(userId, feed)
    void follow(feed, () => read(userId), log)
    return feed
  }

  function leave(userId: UserId, feed: Feed): void {
    if (--feed.watchers > 0) return
    feeds.delete(userId)
    feed.over.abort()
  }

  return {
    /** The view now and after each change, newest only: a slow reader skips what has passed. */
    async *watch(
      userId: UserId,
      signal: AbortSignal,
    ): AsyncGenerator<{ version: number; view: CreditsView }> {
      const feed = join(userId)
      try {
        for (let shown = 0; ; ) {
          if (feed.version === shown) await nextOf(feed, signal)
          if (signal.aborted) return
          if (feed.view === null) continue
          shown = feed.version
          yield { version: shown, view: feed.view }
        }
      } finally {
        leave(userId, feed)
      }
    },

    close(): void {
      forget()
      for (const feed of feeds.values()) feed.over.abort()
    },
  }
}

/** Reads again at each hint, and every second while calls are in flight. */
async function follow(feed: Feed, read: () => Promise<CreditsView>, log: Log): Promise<void> {
  const { signal } = feed.over
  let shown = ''
  while (!signal.aborted) {
    const hints = new AbortController()
    feed.hint = () => hints.abort()
    const view = await read().catch((error: unknown) => {
      log.warn({ err: error }, 'credits could not be read; tried again')
      return null
    })
    const text = view ? JSON.stringify(view) : shown
    if (text !== shown) {
      shown = text
      feed.view = view
      feed.version++
      for (const reader of feed.readers) reader()
    }
    await pause(SHORTEST_MS, signal)
    const isPolled = view === null || view.calls.length > 0
    await pause(isPolled ? POLL_MS : null, AbortSignal.any([signal, hints.signal]))
  }
}

/** Until the next version, or `signal`. */
const nextOf = (feed: Feed, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      feed.readers.delete(end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    if (signal.aborted) return resolve()
    feed.readers.add(end)
    signal.addEventListener('abort', end)
  })

/** `null`: as long as it takes. */
const pause = (ms: number | null, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = ms === null ? undefined : setTimeout(end, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
