/** Renews the session once for all calls that need it, in this tab and in others. */

export interface RefreshOptions {
  /** Asks the api for a new session. Rejects when it refuses or cannot be reached. */
  renew: () => Promise<unknown>
  /** Whether a rejection means that the person must sign in again. */
  isRefusal: (error: unknown) => boolean
  /** Runs one task at a time across all tabs (`navigator.locks`), where the browser can. */
  exclusive: <T>(task: () => Promise<T>) => Promise<T>
  /** When any tab last renewed, in milliseconds; shared between tabs. */
  lastRenewed: { get: () => number; set: (at: number) => void }
  now: () => number
}

export type Refresh = () => Promise<'renewed' | 'signed-out'>

/** Rejects only for failures that say nothing about the session, such as a network that is away. */
export function createRefresh(options: RefreshOptions): Refresh {
  let inFlight: ReturnType<Refresh> | undefined

  async function run(askedAt: number): ReturnType<Refresh> {
    // Another tab renewed while this one waited for its turn.
    if (options.lastRenewed.get() >= askedAt) return 'renewed'
    try {
      await options.renew()
    } catch (error) {
      if (options.isRefusal(error)) return 'signed-out'
      throw error
    }
    options.lastRenewed.set(options.now())
    return 'renewed'
  }

  return () => {
    const askedAt = options.now()
    inFlight ??= options
      .exclusive(() => run(askedAt))
      .finally(() => {
        inFlight = undefined
      })
    return inFlight
  }
}

/** Falls back to no lock at all where the browser has none: the api's grace period covers that. */
export const acrossTabs =
  (name: string, locks: LockManager | undefined) =>
  async <T>(task: () => Promise<T>): Promise<T> =>
    locks ? await locks.request(name, async () => await task()) : await task()

/** A moment that all tabs see. A browser that forbids storage behaves as if there were one tab. */
export function sharedMoment(key: string): RefreshOptions['lastRenewed'] {
  return {
    get: () => {
      try {
        return Number(localStorage.getItem(key) ?? 0)
      } catch {
        return 0
      }
    },
    set: (at) => {
      try {
        localStorage.setItem(key, String(at))
      } catch {
        // Nothing to do: the next tab renews once more, which the api forgives.
      }
    },
  }
}
