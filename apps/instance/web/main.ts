/** Puts the shell together: two connections, the parts of the page, and who is looking. */
import {
  ASLEEP,
  CONSOLE_PATH,
  type ConsoleEvent,
  type ConsoleRequest,
  type Me,
  NOTES_PATH,
  type NotesEvent,
  type NotesRequest,
} from '../src/protocol.ts'
import { startClock } from './clock.ts'
import { showConsole } from './console-view.ts'
import { find } from './dom.ts'
import { createLink, type LinkState } from './link.ts'
import { showPad } from './pad-view.ts'
import { watchPresence } from './presence.ts'
import { renderMarkdown } from './soul-view.ts'
import { startTabs } from './tabs.ts'

const AWAY_AFTER_MS = 60_000

const LAMPS: Record<LinkState, { lamp: string; text: string }> = {
  connecting: { lamp: 'wait', text: 'Connecting' },
  open: { lamp: 'on', text: 'Awake' },
  retrying: { lamp: 'wait', text: 'Reconnecting' },
  resting: { lamp: 'off', text: 'Resting' },
  asleep: { lamp: 'off', text: 'Asleep. Touch to wake' },
  'signed-out': { lamp: 'off', text: 'Signed out. Reload to sign in' },
}

const state = find('state', HTMLElement)
const showState = (link: LinkState) => {
  const { lamp, text } = LAMPS[link]
  state.dataset.lamp = lamp
  const words = state.querySelector('span')
  if (words) words.textContent = text
}

const address = (path: string) => `${location.origin.replace(/^http/, 'ws')}${path}`

/** Anything but a clear refusal counts as signed in: only the gate knows, and it may be out of reach. */
const isSignedIn = () =>
  fetch('/api/me').then(
    ({ status }) => status !== 401 && status !== 403,
    () => true,
  )

const pad = showPad({
  send: (request: NotesRequest) => notes.send(request),
  onSilence: () => notes.restart(),
})
const notes = createLink({
  url: () => address(NOTES_PATH),
  asleepReason: ASLEEP,
  isNeeded: () => pad.dirty,
  onMessage: (event) => pad.receive(event as NotesEvent),
  onState: (next) => {
    pad.setOnline(next === 'open')
    showState(next)
  },
  isSignedIn,
})

const terminal = showConsole({
  send: (request: ConsoleRequest) => shell.send(request),
  onNeed: () => shell.wake(),
})
const shell = createLink({
  url: () => address(`${CONSOLE_PATH}?folder=${encodeURIComponent(terminal.folder)}`),
  asleepReason: ASLEEP,
  isNeeded: () => false,
  onMessage: (event) => terminal.receive(event as ConsoleEvent),
  onState: (next) => {
    if (next !== 'open') terminal.connectionLost()
  },
  isSignedIn,
})

async function greet(): Promise<void> {
  const hour = new Date().getHours()
  const part = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
  find('daytime', HTMLElement).textContent = part === 'night' ? 'Up late? So am I.' : `Good ${part}`
  const me: Me = await (await fetch('/api/me')).json()
  const soul = me.soul ?? 'No soul yet. Write one into `system/soul.md`.'
  find('soul-text', HTMLElement).replaceChildren(...renderMarkdown(soul.replace(/^# .*\n/, '')))
}

watchPresence({
  awayAfterMs: AWAY_AFTER_MS,
  onHidden: () => pad.flush(),
  onAway: () => {
    notes.rest()
    shell.rest()
  },
  onHere: () => {
    notes.wake()
    shell.wake()
  },
})
state.addEventListener('click', () => {
  if (notes.state === 'signed-out') location.reload()
})
startTabs()
startClock(find('clock', HTMLElement))
notes.wake()
shell.wake()
if (matchMedia('(pointer: fine)').matches)
  find('console-input', HTMLInputElement).focus({ preventScroll: true })
greet().catch(() => undefined)
