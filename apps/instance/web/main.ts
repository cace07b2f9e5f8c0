/** Wires the shell: two connections, the parts of the page, and presence. */
import {
  ASLEEP,
  CONSOLE_PATH,
  type ConsoleEvent,
  type ConsoleRequest,
  type CreditsNotice,
  type Me,
  NOTES_PATH,
  type NotesEvent,
  type NotesRequest,
} from '../src/protocol.ts'
import { showAsleep } from './asleep-view.ts'
import { startClock } from './clock.ts'
import { showConsole } from './console-view.ts'
import { createCreditsNotice } from './credits-notice.ts'
import { find } from './dom.ts'
import { glimpse, watchForWake } from './glimpse.ts'
import { createLink, type Link, type LinkState } from './link.ts'
import { showPad } from './pad-view.ts'
import { watchPresence } from './presence.ts'
import { addScrollStop } from './scroll-stop.ts'
import { createSoulPanel } from './soul-panel.ts'
import { renderMarkdown } from './soul-view.ts'
import { showState } from './state-view.ts'
import { startTabs } from './tabs.ts'
import { showViewer } from './viewer-view.ts'

const AWAY_AFTER_MS = 60_000
/** A page left open in plain sight lets its computer go to sleep as well. */
const IDLE_AFTER_MS = 15 * 60_000

const address = (path: string) => `${location.origin.replace(/^http/, 'ws')}${path}`

const asleep = showAsleep()
/** The platform lets a page in for an hour: opening it again renews that, or leads to the login. */
const renew = () => location.reload()
let endWatch: () => void = () => undefined

/** The note pad's connection speaks for the computer, or the console's for whoever may not use the note pad. */
const showLink = (next: LinkState) => {
  // What connects for the first time is not offline, and what reconnects is known to be.
  if (hasPad && next !== 'connecting') pad.setOnline(next === 'open')
  if (next === 'signed-out' && asleep.isWaking) return renew()
  showState(next)
  asleep.show(next)
  credits.connected(next === 'open')
  endWatch()
  if (next === 'asleep') {
    endWatch = watchForWake(() => everyLink((link) => link.resume()))
  }
  // Woken for unsaved words, or from elsewhere: then it is awake for both.
  if (next === 'open' && shell.state === 'asleep') shell.resume()
}

const pad = showPad({
  send: (request: NotesRequest) => notes.send(request),
  onSilence: () => notes.restart(),
})
const notes = createLink({
  url: () => address(NOTES_PATH),
  asleepReason: ASLEEP,
  isNeeded: () => pad.dirty,
  onMessage: (event) => pad.receive(event as NotesEvent),
  onState: showLink,
  glimpse,
})

const credits = createCreditsNotice({
  read: async () => (await (await fetch('/api/credits')).json()) as CreditsNotice,
})

const readMe = async () => (await (await fetch('/api/me')).json()) as Me
/** Whoever looks at somebody else's computer; a page that cannot ask yet is its owner's until it can. */
const viewer = await readMe().then(
  (me) => me.viewer,
  () => null,
)
const hasPad = viewer === null || viewer.canUseNotes
const soul = createSoulPanel({
  read: async () => (await readMe()).soul,
  show: (text) => find('soul-text', HTMLElement).replaceChildren(...renderMarkdown(text)),
})
const terminal = showConsole({
  send: (request: ConsoleRequest) => shell.send(request),
  onNeed: () => shell.wake(),
})
const shell = createLink({
  url: () => address(`${CONSOLE_PATH}?folder=${encodeURIComponent(terminal.folder)}`),
  asleepReason: ASLEEP,
  isNeeded: () => false,
  onMessage: (message) => {
    const event = message as ConsoleEvent
    terminal.receive(event)
    // A command may have changed it, or somebody else while this page was away.
    if (event.type === 'welcome' || event.type === 'result') void soul.refresh()
  },
  onState: (next) => {
    if (next !== 'open') terminal.connectionLost()
    if (!hasPad) showLink(next)
  },
  glimpse,
})

const links = hasPad ? [notes, shell] : [shell]
const everyLink = (act: (link: Link) => void) => links.forEach(act)

function greet(): void {
  const hour = new Date().getHours()
  const part = hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening'
  find('daytime', HTMLElement).textContent = `Good ${part}`
}

watchPresence({
  awayAfterMs: AWAY_AFTER_MS,
  idleAfterMs: IDLE_AFTER_MS,
  onHidden: () => pad.flush(),
  onAway: () => {
    endWatch()
    everyLink((link) => link.rest())
  },
  onAct: () => {
    if (links[0]?.state === 'signed-out' && asleep.isShown) return renew()
    everyLink((link) => link.wake())
  },
  onSeen: () => everyLink((link) => link.resume()),
})
startTabs()
addScrollStop(find('soul-text', HTMLElement))
startClock(find('clock', HTMLElement))
everyLink((link) => link.wake())
if (viewer) showViewer(viewer)
if (matchMedia('(pointer: fine)').matches)
  find('console-input', HTMLInputElement).focus({ preventScroll: true })
greet()
void soul.refresh()
