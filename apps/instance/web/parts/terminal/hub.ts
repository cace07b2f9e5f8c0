/** The terminals of this computer, as all windows of this page share them: one connection, one list. */
import {
  ACKNOWLEDGE_EVERY_BYTES,
  type SessionInfo,
  TERMINAL_PATH,
  type TerminalEvent,
  type TerminalRequest,
  VIEW_HEADER_BYTES,
} from '../../../src/terminal/protocol.ts'
import type { LinkState } from '../../shell/connection/link.ts'
import { type OwnLink, openLink } from '../../shell/connection/links.ts'
import { createStore } from '../../shell/store.ts'
import { createTyping, type Typing } from './typing.ts'

/** What draws a terminal. */
export interface Viewer {
  /** What follows draws everything anew. */
  begin(columns: number, rows: number): void
  /** Calls back when it is shown. */
  draw(bytes: Uint8Array, shown: () => void): void
  resize(columns: number, rows: number): void
}

export interface View {
  /** Makes the terminal this large. */
  fit(columns: number, rows: number): void
  end(): void
}

interface Attached {
  session: string
  viewer: Viewer
  unacknowledged: number
  /** Counts attachments: what an earlier one showed is not acknowledged to the next. */
  epoch: number
}

export const linkState = createStore<LinkState>('connecting')
/** `null`: not known yet. */
export const sessions = createStore<readonly SessionInfo[] | null>(null)
/** What could not be done, or was lost, in a sentence. */
export const trouble = createStore<string | null>(null)
/** What happened to programs, until somebody has read it. */
export const notice = createStore<string | null>(null)
/** Characters that wait to be taken while there is no connection. */
export const waiting = createStore(0)

const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
  byte.toString(16).padStart(2, '0'),
).join('')
const views = new Map<number, Attached>()
const typings = new Map<string, Typing>()
const opening = new Map<number, (session: string | null) => void>()
let link: OwnLink | null = null
let windows = 0
let nextNumber = 1

const send = (request: TerminalRequest): boolean => link?.send(request) ?? false

const count = () => {
  const isOpen = linkState.get() === 'open'
  waiting.set(isOpen ? 0 : [...typings.values()].reduce((sum, typing) => sum + typing.waiting, 0))
}

function typingOf(session: string): Typing {
  const known = typings.get(session)
  if (known) return known
  const made = createTyping({
    send: (typed) => send({ type: 'input', session, ...typed }),
    onLost: (characters) =>
      trouble.set(
        characters === 1
          ? 'A character that you typed reached no program: its shell had ended.'
          : `${characters} characters that you typed reached no program: their shell had ended.`,
      ),
  })
  typings.set(session, made)
  return made
}

/** `false`: refused, and `trouble` says why. */
export function typeInto(session: string, data: string, isBinary = false): boolean {
  const isTaken = typingOf(session).type(data, isBinary)
  if (!isTaken) {
    trouble.set(
      linkState.get() === 'open'
        ? 'That is too much to paste. Put it into a file instead.'
        : 'I am not connected and cannot keep more of what you type.',
    )
  }
  count()
  return isTaken
}

function receive(event: TerminalEvent): void {
  if (event.type === 'sessions') {
    sessions.set(event.sessions)
    for (const { id, generation } of event.sessions) typings.get(id)?.restarted(generation)
    const isThere = new Set(event.sessions.map(({ id }) => id))
    for (const [id, typing] of typings) {
      if (isThere.has(id)) continue
      typings.delete(id)
      typing.ended()
    }
    count()
  } else if (event.type === 'attached') {
    const attached = views.get(event.view)
    if (!attached) return
    attached.epoch++
    attached.unacknowledged = 0
    attached.viewer.begin(event.columns, event.rows)
    typingOf(attached.session).attached(event)
    count()
  } else if (event.type === 'size') views.get(event.view)?.viewer.resize(event.columns, event.rows)
  else if (event.type === 'typed') typingOf(event.session).taken(event.number)
  else if (event.type === 'untyped') typingOf(event.session).untaken(event.number)
  else if (event.type === 'opened') settle(event.request, event.session)
  else if (event.type === 'notice') notice.set(event.message)
  else if (event.type === 'refused') {
    trouble.set(event.message)
    if (event.request !== null) settle(event.request, null)
  }
}

function settle(request: number, session: string | null): void {
  opening.get(request)?.(session)
  opening.delete(request)
}

function draw(frame: Uint8Array): void {
  const number = ((frame[0] ?? 0) << 8) | (frame[1] ?? 0)
  const attached = views.get(number)
  if (!attached) return
  const bytes = frame.subarray(VIEW_HEADER_BYTES)
  const { epoch } = attached
  attached.viewer.draw(bytes, () => {
    if (attached.epoch !== epoch || views.get(number) !== attached) return
    attached.unacknowledged += bytes.length
    if (attached.unacknowledged < ACKNOWLEDGE_EVERY_BYTES) return
    send({ type: 'acknowledge', view: number, bytes: attached.unacknowledged })
    attached.unacknowledged = 0
  })
}

function connect(): OwnLink {
  return openLink({
    path: () => `${TERMINAL_PATH}?page=${page}`,
    onMessage: (event) => receive(event as TerminalEvent),
    onBytes: draw,
    onState(state) {
      linkState.set(state)
      if (state === 'open') {
        for (const [view, { session }] of views) send({ type: 'attach', view, session })
      } else {
        for (const typing of typings.values()) typing.disconnected()
        for (const request of [...opening.keys()]) settle(request, null)
      }
      count()
    },
  })
}

/** A window shows terminals; the last one to go says whether it was closed. */
export function enter(): (isClosed: boolean) => void {
  windows++
  link ??= connect()
  return (isClosed) => {
    windows--
    if (windows > 0) return
    if (isClosed) send({ type: 'leave' })
    link?.end()
    link = null
    sessions.set(null)
  }
}

/** Resolves to the new terminal, or `null` if there is none: `trouble` says why. */
export function openSession(
  size: { columns: number; rows: number },
  folder?: string,
): Promise<string | null> {
  const request = nextNumber++
  return new Promise((resolve) => {
    opening.set(request, resolve)
    if (!send({ type: 'open', request, ...size, ...(folder === undefined ? {} : { folder }) })) {
      settle(request, null)
    }
  })
}

/** Whether a window of this page shows it. */
export const isShown = (session: string): boolean =>
  [...views.values()].some((view) => view.session === session)

export function attach(session: string, viewer: Viewer): View {
  const view = nextNumber++ % 65_536
  views.set(view, { session, viewer, unacknowledged: 0, epoch: 0 })
  send({ type: 'attach', view, session })
  return {
    fit: (columns, rows) => void send({ type: 'resize', view, columns, rows }),
    end() {
      views.delete(view)
      send({ type: 'detach', view })
    },
  }
}

export const rename = (session: string, name: string) =>
  void send({ type: 'rename', session, name: name.trim() === '' ? null : name.slice(0, 80) })
export const move = (session: string, to: number) => void send({ type: 'move', session, to })
/** Whoever closes it gives up what it has not taken. */
export function close(session: string): void {
  if (send({ type: 'close', session })) typings.delete(session)
}
export const restart = (session: string) => void send({ type: 'restart', session })
