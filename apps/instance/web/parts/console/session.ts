/** A console without its page: what was typed and printed, where the session is, and the connection behind it. */
import { CONSOLE_PATH, type ConsoleEvent } from '../../../src/protocol.ts'
import { type OwnLink, openLink } from '../../shell/connection/links.ts'
import { homeMayHaveChanged } from '../../shell/home-changes.ts'
import { createStore, type Store } from '../../shell/store.ts'
import { createHistory } from './history.ts'
import { createLineQueue } from './queue.ts'

export interface Line {
  id: number
  kind: 'hello' | 'typed' | 'output' | 'failed' | 'options'
  text: string
  /** Where it was typed. */
  folder: string
}

export interface ConsoleView {
  lines: readonly Line[]
  folder: string
}

export type Completions = Extract<ConsoleEvent, { type: 'completions' }>

export interface ConsoleSession {
  view: Store<ConsoleView>
  history: ReturnType<typeof createHistory>
  print(kind: Line['kind'], text: string): void
  run(line: string): void
  /** Asks for completions; `false`: there is no connection. */
  complete(line: string): boolean
  /** Gives up what waits to be sent; what runs already goes on. */
  cancel(typed: string): void
  clear(): void
  /** Connects; returns the end. */
  start(on: { completions: (event: Completions) => void; lost: () => void }): () => void
}

const LINES_KEPT = 400

export function createConsoleSession(): ConsoleSession {
  const view = createStore<ConsoleView>({ lines: [], folder: '~' })
  const history = createHistory()
  let link: OwnLink | null = null
  let isGreeted = false
  let nextId = 0
  const queue = createLineQueue({
    send: (request) => link?.send(request) ?? false,
    onNeed: () => link?.wake(),
  })

  const print = (kind: Line['kind'], text: string) =>
    view.update(({ lines, folder }) => ({
      lines: [...lines, { id: nextId++, kind, text, folder }].slice(-LINES_KEPT),
      folder,
    }))
  const moveTo = (folder: string) => view.update(({ lines }) => ({ lines, folder }))
  const clear = () => view.update(({ folder }) => ({ lines: [], folder }))

  const welcome = (event: Extract<ConsoleEvent, { type: 'welcome' }>) => {
    // What waits for this connection was typed here already.
    history.replace([...event.history, ...queue.waiting().map((line) => line.trim())])
    moveTo(event.cwd)
    if (!isGreeted) print('hello', greeting(event))
    isGreeted = true
    queue.sendNext()
  }
  const receive = (event: ConsoleEvent) => {
    if (event.type === 'welcome') welcome(event)
    if (event.type !== 'result') return
    queue.ended()
    if (event.clear) clear()
    if (event.text !== '') print(event.failed ? 'failed' : 'output', event.text)
    moveTo(event.cwd)
    queue.sendNext()
    homeMayHaveChanged()
  }

  return {
    view,
    history,
    print,
    clear,
    run(line) {
      print('typed', line)
      if (line.trim() === '') return
      history.add(line.trim())
      queue.add(line)
    },
    complete: (line) => link?.send({ type: 'complete', line }) ?? false,
    cancel(typed) {
      print('typed', `${typed}^C`)
      queue.clear()
      history.leave()
    },
    start({ completions, lost }) {
      link = openLink({
        path: () => `${CONSOLE_PATH}?folder=${encodeURIComponent(view.get().folder)}`,
        onMessage: (message) => {
          const event = message as ConsoleEvent
          if (event.type === 'completions') completions(event)
          else receive(event)
        },
        onState: (state) => {
          if (state === 'open') return
          if (queue.isRunning()) print('failed', 'I lost the connection before I could answer.')
          queue.ended()
          lost()
        },
      })
      return link.end
    },
  }
}

const greeting = ({ handle, isReadOnly }: { handle: string; isReadOnly: boolean }) =>
  isReadOnly
    ? `This is ${handle}’s home. Look around: type help to see what I understand.`
    : `Welcome, ${handle}. This is your home. Type help to see what I understand.`
