/** The connection that speaks for the computer: it is open as long as somebody is here, whatever parts are. */
import { SHELL_PATH, type ShellEvent } from '../../../src/protocol.ts'
import { createStore } from '../store.ts'
import { takeTrouble, watchForWake } from './glimpse.ts'
import type { LinkState } from './link.ts'
import { everyLink, openLink } from './links.ts'
import { watchPresence } from './presence.ts'
import { createRestarts, restart, restartWords } from './restarts.ts'

const AWAY_AFTER_MS = 60_000
/** A page left open in plain sight lets its computer go to sleep as well. */
const IDLE_AFTER_MS = 15 * 60_000

export const pulse = createStore<LinkState>('connecting')

/** The platform lets a page in for an hour: opening it again renews that, or leads to the login. */
const renew = () => location.reload()

export interface PulseOptions {
  /** Whether the page shows that its computer sleeps. */
  isShownAsleep: () => boolean
  /** Whether a person pressed a key then, and it is on its way. */
  isWaking: () => boolean
  /** What the computer tells all pages of its owner. */
  onEvent: (event: ShellEvent) => void
}

export function startPulse({ isShownAsleep, isWaking, onEvent }: PulseOptions): void {
  let endWatch: () => void = () => undefined
  const restarts = createRestarts(() => restart.set(restartWords(takeTrouble())))
  openLink({
    path: () => SHELL_PATH,
    onMessage: (message) => {
      const event = message as ShellEvent
      restarts.receive(event)
      onEvent(event)
    },
    onState: (next) => {
      if (next === 'signed-out' && isWaking()) return renew()
      pulse.set(next)
      endWatch()
      if (next === 'asleep') endWatch = watchForWake(() => everyLink((link) => link.resume()))
    },
  })
  watchPresence({
    awayAfterMs: AWAY_AFTER_MS,
    idleAfterMs: IDLE_AFTER_MS,
    onHidden: () => undefined,
    onAway: () => {
      endWatch()
      everyLink((link) => link.rest())
    },
    onAct: () => {
      if (pulse.get() === 'signed-out' && isShownAsleep()) return renew()
      everyLink((link) => link.wake())
    },
    onSeen: () => everyLink((link) => link.resume()),
  })
}
