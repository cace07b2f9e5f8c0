/** Renews the session once for all calls that need it, in this tab and in others. */

export interface RefreshOptions {
  /** Asks the api for a new session. Rejects when it refuses or cannot be reached. */
  renew: () => Promise<unknown>
  /** Whether a rejection means that the person must sign in again. */
  isRefusal: (error: unknown) => boolean
  /** Runs one task at a time across all tabs (`navigator.locks`), where the browser can. */
  exclusive: <T>(task: () => Promise<T>) => Promise<T>
  /** How many renewals there were in any tab. A count, not a time: clocks are set back. */
  renewals: { get: () => number; set: (count: number) => void }
}

export type Refresh = () => Promise<'renewed' | 'signed-out'>

/** Rejects only for failures that say nothing about the session, such as a network that is away. */
export function createRefresh({ renew, isRefusal, exclusive, renewals }: RefreshOptions): Refresh {
  let inFlight: ReturnType<Refresh> | undefined

  async function run(countBefore: number): ReturnType<Refresh> {
    // Another tab renewed while this one waited for its turn.
    if (renewals.get() > countBefore) return 'renewed'
    try {
      await renew()
    } catch (error) {
      if (isRefusal(error)) return 'signed-out'
      throw error
    }
    renewals.set(renewals.get() + 1)
    return 'renewed'
  }

  return () => {
    const countBefore = renewals.get()
    inFlight ??= exclusive(() => run(countBefore)).finally(() => {
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

/** A number that all tabs see, 0 at first. A browser that forbids storage behaves as if there were one tab. */
export function sharedCount(key: string): RefreshOptions['renewals'] {
  return {
    get: () => {
      try {
        return Number(localStorage.getItem(key)) || 0
      } catch {
        return 0
      }
    },
    set: (count) => {
      try {
        localStorage.setItem(key, String(count))
      } catch {
        // Nothing to do: the next tab renews once more, which the api forgives.
      }
    },
  }
}
