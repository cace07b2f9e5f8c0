/** Keeps Caddy's configuration equal to the render: writes soon after a change, checks all of it now and then. */
import type { Log } from '../../../log.ts'
import { backOff, type Timers } from '../../../timers.ts'
import type { CaddyServer } from '../render/config.ts'
import type { Writer } from './writer.ts'

export interface SyncOptions {
  writer: Writer
  log: Log
  timers: Timers
  /** Milliseconds between two checks of the whole configuration. */
  resyncMs: number
  /** Milliseconds that must be between two writes while open streams may hold this many old configurations. */
  intervalMs: (generations: number) => number
  /** Makes what stands beside the server, such as certificates; runs before each whole check. */
  prepare: () => Promise<void>
}

export interface Sync {
  /** The last call wins. */
  want: (server: CaddyServer) => void
  /** Checks the whole configuration as soon as possible. */
  check: () => void
  /** So many requests and streams are open: they hold no more old configurations than that. */
  observeOpen: (count: number) => void
  close: () => void
}

/** Changes of one burst become one write. */
const COALESCE_MS = 30

interface State {
  wanted: CaddyServer | null
  /** What Caddy has, as far as we know. */
  applied: CaddyServer | null
  /** Old configurations that may be held: one more with each write, and never more than was ever open since. */
  generations: number
  changedAt: number
  wroteAt: number
  checkAt: number
  failures: number
  retryAt: number
}

export function createSync(options: SyncOptions): Sync {
  const { timers, log } = options
  const never = Number.NEGATIVE_INFINITY
  const start: State = {
    ...{ wanted: null, applied: null, generations: 0, failures: 0 },
    ...{ changedAt: never, wroteAt: never, checkAt: never, retryAt: never },
  }
  const state = start
  let busy = false
  let closed = false
  let cancel = () => {}

  const writeAt = () =>
    Math.max(state.changedAt + COALESCE_MS, state.wroteAt + options.intervalMs(state.generations))

  function plan(): void {
    cancel()
    if (busy || closed || !state.wanted) return
    const change = state.wanted === state.applied ? Number.POSITIVE_INFINITY : writeAt()
    const at = state.failures > 0 ? state.retryAt : Math.min(state.checkAt, change)
    cancel = timers.after(Math.max(0, at - timers.now()), () => void turn())
  }

  async function turn(): Promise<void> {
    busy = true
    const now = timers.now()
    const full = state.failures > 0 || now >= state.checkAt
    // A check between two writes must not become a write of what has to wait.
    const aim = now >= writeAt() ? state.wanted : (state.applied ?? state.wanted)
    if (aim) await bring(aim, full).catch(failed)
    busy = false
    plan()
  }

  async function bring(aim: CaddyServer, full: boolean): Promise<void> {
    if (full) await options.prepare()
    const began = timers.now()
    if (await options.writer.bring(aim, full)) {
      state.generations++
      log.debug({ ms: timers.now() - began, generations: state.generations }, 'Wrote Caddy’s configuration.')
      state.wroteAt = timers.now()
    }
    if (full) state.checkAt = timers.now() + options.resyncMs
    if (state.failures > 0) log.info('Restored Caddy’s configuration.')
    Object.assign(state, { applied: aim, failures: 0 })
  }

  function failed(error: unknown): void {
    state.failures++
    state.retryAt = timers.now() + backOff(state.failures)
    const message = error instanceof Error ? error.message : String(error)
    // Once each time that Caddy goes, and not at every attempt to find it again.
    if (state.failures === 1 || state.failures % 30 === 0) log.warn({ failures: state.failures }, message)
  }

  return {
    want: (server) => {
      Object.assign(state, { wanted: server, changedAt: timers.now() })
      plan()
    },
    check: () => {
      Object.assign(state, { checkAt: timers.now(), retryAt: timers.now() })
      plan()
    },
    observeOpen: (count) => {
      if (count >= state.generations) return
      state.generations = count
      plan()
    },
    close: () => {
      closed = true
      cancel()
    },
  }
}
