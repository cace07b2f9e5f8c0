/** A page at the terminals, as its own page speaks with them, with a screen that is none. */
import unicode from '@xterm/addon-unicode11'
import headless from '@xterm/headless'
import { WebSocket } from 'ws'
import { bound } from '../terminal/bounds.ts'
import {
  SCROLLBACK_LINES,
  type SessionInfo,
  TERMINAL_PATH,
  type TerminalEvent,
  type TerminalRequest,
  VIEW_HEADER_BYTES,
} from '../terminal/protocol.ts'

const VIEW = 7
const WITHIN_MS = 25_000
const MUCH_WITHIN_MS = 100_000

export interface TestPageOptions {
  page?: string
  columns?: number
  rows?: number
  headers?: Record<string, string>
  /** A page that shows nothing acknowledges nothing. */
  isDead?: boolean
  /** Takes everything in at once and draws nothing: `tail` has the last of it. */
  isBlind?: boolean
}

export type TestPage = Awaited<ReturnType<typeof openTerminalPage>>

/** `origin`: `ws://host:port`. */
export async function openTerminalPage(origin: string, options: TestPageOptions = {}) {
  const { page = 'page-of-a-test', columns = 80, rows = 24, headers = {} } = options
  const { isDead = false, isBlind = false } = options
  const socket = new WebSocket(`${origin}${TERMINAL_PATH}?page=${page}`, { headers })
  const screen = emptyScreen(columns, rows)
  const events: TerminalEvent[] = []
  let sessions: SessionInfo[] = []
  let generation = 0
  let number = 0
  let received = 0
  let tail = ''
  const waiting = new Set<() => void>()
  const look = () => {
    for (const check of waiting) check()
  }
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  socket.on('error', () => undefined)
  socket.on('close', look)

  const receive = (event: TerminalEvent) => {
    events.push(event)
    if (event.type === 'sessions') sessions = event.sessions
    if (event.type === 'attached') {
      generation = event.generation
      screen.reset()
      screen.resize(event.columns, event.rows)
    }
    if (event.type === 'size') screen.write('', () => screen.resize(event.columns, event.rows))
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) receive(JSON.parse(String(data)))
    else {
      const bytes = data.subarray(VIEW_HEADER_BYTES)
      received += bytes.length
      tail = (tail + bytes.subarray(-500).toString()).slice(-500)
      const shown = () => {
        if (!isDead) send({ type: 'acknowledge', view: VIEW, bytes: bytes.length })
        look()
      }
      if (isBlind) shown()
      else screen.write(bytes, shown)
    }
    look()
  })
  const send = (request: TerminalRequest) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request))
  }

  /** Resolves with the first truthy answer; asked again whenever something arrives. */
  const until = <T>(
    what: string,
    ask: () => T | undefined | false | null,
    withinMs = WITHIN_MS,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`Not within ${withinMs / 1_000} s: ${what}. On the screen:\n${textOf(screen, 20)}`))
      }, withinMs)
      const check = () => {
        const answer = ask()
        if (!answer) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve(answer)
      }
      waiting.add(check)
      check()
    })
  const event = <Type extends TerminalEvent['type']>(type: Type, from = 0) =>
    until(`an event ${type}`, () =>
      events.slice(from).find((one): one is Extract<TerminalEvent, { type: Type }> => one.type === type),
    )
  const attach = async (session: string) => {
    const from = events.length
    send({ type: 'attach', view: VIEW, session })
    return event('attached', from)
  }

  await until('the list of terminals', () => events.length > 0 || socket.readyState === WebSocket.CLOSED)
  return {
    send,
    until,
    event,
    attach,
    closed,
    screen,
    events,
    sessions: () => sessions,
    received: () => received,
    text: () => textOf(screen),
    /** Opens a terminal and looks at it. */
    async open(folder?: string): Promise<string> {
      const from = events.length
      send({ type: 'open', request: 1, columns, rows, ...(folder === undefined ? {} : { folder }) })
      const { session } = await event('opened', from)
      await attach(session)
      // What is typed before it would stand before the prompt.
      await until('a prompt', () => wordsOf(tail) !== '')
      return session
    },
    type(session: string, data: string, as: { generation?: number; number?: number } = {}) {
      number++
      send({ type: 'input', session, generation, number, data, ...as })
    },
    /** However long it takes to print what comes before. */
    endsWith: (text: string) => until(`“${text}” at the end`, () => tail.includes(text), MUCH_WITHIN_MS),
    sees: (text: string) => until(`“${text}” on the screen`, () => textOf(screen, 500).includes(text)),
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await closed
    },
  }
}

export function emptyScreen(columns: number, rows: number) {
  const screen = new headless.Terminal({
    ...{ cols: columns, rows, scrollback: SCROLLBACK_LINES, allowProposedApi: true },
  })
  bound(screen, new unicode.Unicode11Addon())
  return screen
}

/** The last lines, those above the screen included, without empty ones at the end. */
export function textOf({ buffer: { active } }: headless.Terminal, lines = active.length): string {
  const from = Math.max(0, active.length - lines)
  const rows = Array.from({ length: active.length - from }, (_, index) => from + index)
  return rows
    .map((row) => active.getLine(row)?.translateToString(true) ?? '')
    .join('\n')
    .trimEnd()
}

/** What is left of output without its sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const wordsOf = (output: string) => output.replace(/\x1b\[[^a-z]*[a-z]/gi, '').trim()
