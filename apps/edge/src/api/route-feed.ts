/** The api's route list: fetched in full, kept current by its changes, and fetched in full again periodically. */
import type { Route, RouteChange } from '@matrixos/shared'
import type { Log } from '../log.ts'
import { backOff, type Timers } from '../timers.ts'

/** What the feed needs of the api. */
export interface RouteSource {
  fetchRoutes: () => Promise<Route[]>
  /** `onGap`: changes may have been missed. Goes on for ever, whatever happens, until the returned function is called. */
  watch: (on: { change: (change: RouteChange) => void; gap: () => void }) => () => void
}

export interface RouteFeedOptions {
  source: RouteSource
  apply: (routes: Route[]) => void
  /** Close the streams that are open to an upstream, and those of a group. */
  closeStreams: (upstream: string) => void
  closeGroup: (group: string) => void
  log: Log
  timers: Timers
  resyncMs: number
}

/** How long an admission by the gate may be on its way: given before a session ended, it can arrive after that. */
const ON_THE_WAY_MS = 1_000

/** Events are hints that save time; the list fetched every `resyncMs` is the truth. */
export function startRouteFeed(options: RouteFeedOptions): { close: () => void } {
  const { source, timers, log } = options
  let handles: Set<string> | null = null
  let failures = 0
  let fetching = false
  let again = false
  let closed = false
  let cancel = () => {}
  const cuts = new Set<() => void>()

  const publish = () => handles && options.apply([...handles].sort().map((handle) => ({ handle })))

  async function fetchAll(): Promise<void> {
    if (closed) return
    again = fetching
    if (fetching) return
    cancel()
    fetching = true
    try {
      const routes = await source.fetchRoutes()
      const fresh = new Set(routes.map(({ handle }) => handle))
      const same = handles?.size === fresh.size && fresh.isSubsetOf(handles)
      handles = fresh
      if (!same) publish()
      if (failures > 0) log.info('The api is responding again.')
      failures = 0
    } catch (error) {
      if (failures++ === 0)
        log.warn({ reason: String(error) }, 'The api is not responding; keeping the current routes.')
    }
    fetching = false
    // What changed while the list was on its way may be missing in it.
    if (again) void fetchAll()
    else if (!closed)
      cancel = timers.after(failures > 0 ? backOff(failures) : options.resyncMs, () => void fetchAll())
  }

  function closeTwice(close: () => void): void {
    close()
    const forget = timers.after(ON_THE_WAY_MS, () => {
      cuts.delete(forget)
      close()
    })
    cuts.add(forget)
  }

  function change(event: RouteChange): void {
    if (event.type === 'close_streams') closeTwice(() => options.closeStreams(event.upstream))
    else if (event.type === 'close_group') closeTwice(() => options.closeGroup(event.group))
    else changeRoutes(event)
  }

  function changeRoutes(event: Exclude<RouteChange, { type: 'close_streams' | 'close_group' }>): void {
    if (event.type === 'reset' || !handles || fetching) return void fetchAll()
    const size = handles.size
    if (event.type === 'added') handles.add(event.handle)
    else handles.delete(event.handle)
    if (handles.size !== size) publish()
  }

  const unwatch = source.watch({ change, gap: () => void fetchAll() })
  void fetchAll()
  return {
    close: () => {
      closed = true
      cancel()
      for (const forget of cuts) forget()
      unwatch()
    },
  }
}
