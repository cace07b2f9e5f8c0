/** One page on its WebSocket: its requests, and the views that it has opened. */
import type { WebSocket } from 'ws'
import { inPlainWords } from '../files/plain-words.ts'
import { parseJson } from '../notes/socket.ts'
import type { Inputs } from './inputs.ts'
import { CLOSED, type TerminalEvent, type TerminalRequest, VIEW_HEADER_BYTES } from './protocol.ts'
import { terminalRequest } from './requests.ts'
import type { Sessions } from './sessions.ts'
import type { View } from './view.ts'

export interface ClientOptions {
  socket: WebSocket
  /** What the page calls itself. */
  page: string
  sessions: Sessions
  inputs: Inputs
  /** Absolute path of a folder that a page named. */
  folderOf: (folder: string | undefined) => string
  onFailure: (error: unknown) => void
}

export interface Client {
  send(event: TerminalEvent): void
}

interface Attached {
  session: string
  view: View
}

export function serveClient(options: ClientOptions): Client {
  const { socket, page, sessions, inputs, folderOf, onFailure } = options
  const views = new Map<number, Attached>()
  /** Views whose terminal still starts, each with the request that it is for: a page may close one meanwhile. */
  const starting = new Map<number, symbol>()
  const send = (event: TerminalEvent) => socket.send(JSON.stringify(event))

  const refuse = (error: unknown, request: number | null) => {
    onFailure(error)
    send({ type: 'refused', request, message: inPlainWords(error, 'The terminal') })
  }

  const outletOf = (number: number, session: string, wanted: symbol) => ({
    bytes: (bytes: Uint8Array) => socket.send(framed(number, bytes)),
    attached: (state: { columns: number; rows: number; generation: number }) =>
      send({ type: 'attached', view: number, ...state, typed: inputs.last(page, session) }),
    size: (columns: number, rows: number) => send({ type: 'size', view: number, columns, rows }),
    failed: (error: unknown) => starting.get(number) === wanted && refuse(error, null),
    drop: () => socket.close(CLOSED.tooSlow, 'too slow'),
  })
  const letGo = ({ session, view }: Attached) => {
    if (has(sessions, session)) sessions.get(session).detach(view)
  }
  const detach = (number: number) => {
    starting.delete(number)
    const attached = views.get(number)
    views.delete(number)
    if (attached) letGo(attached)
  }

  /** `null` once it was closed: what the page still says of it, it said before it knew. */
  const terminalAt = (number: number) => {
    const attached = views.get(number)
    if (!attached || !has(sessions, attached.session)) return null
    return { session: sessions.get(attached.session), view: attached.view }
  }

  type Requests = { [Type in TerminalRequest['type']]: Extract<TerminalRequest, { type: Type }> }
  const answers: { [Type in keyof Requests]: (request: Requests[Type]) => unknown } = {
    ping: () => send({ type: 'pong' }),
    open: ({ request, folder, columns, rows }) => {
      const session = sessions.open({ folder: folderOf(folder), columns, rows })
      // A page that is told of it finds it on its list.
      send({ type: 'sessions', sessions: sessions.list() })
      send({ type: 'opened', request, session })
    },
    attach: async ({ view: number, session }) => {
      detach(number)
      const wanted = Symbol()
      starting.set(number, wanted)
      const attaching = sessions.get(session).attach(outletOf(number, session, wanted))
      const view = await attaching.catch((error) => {
        if (starting.get(number) === wanted) throw error
      })
      if (!view) return
      if (starting.get(number) !== wanted) return letGo({ session, view })
      starting.delete(number)
      views.set(number, { session, view })
    },
    detach: ({ view }) => detach(view),
    resize: ({ view, columns, rows }) => terminalAt(view)?.session.resize(columns, rows),
    acknowledge: ({ view: number, bytes }) => {
      const at = terminalAt(number)
      at?.session.acknowledge(at.view, bytes)
    },
    input: async ({ session, generation, number, data, isBinary }) => {
      const bytes = Buffer.from(data, isBinary ? 'latin1' : 'utf8')
      const isTyped =
        !inputs.take(page, session, number) ||
        (has(sessions, session) && (await sessions.get(session).type(generation, bytes)))
      send({ type: isTyped ? 'typed' : 'untyped', session, number })
    },
    rename: ({ session, name }) => sessions.get(session).rename(name?.trim() || null),
    move: ({ session, to }) => sessions.move(session, to),
    restart: ({ session }) => sessions.get(session).restart(),
    close: ({ session }) => sessions.close(session),
    leave: () => sessions.closeIdle([...views.values()].map(({ view }) => view)),
  }
  const answer = async <Type extends keyof Requests>(request: Requests[Type] & { type: Type }) => {
    try {
      await answers[request.type](request)
    } catch (error) {
      refuse(error, 'request' in request ? request.request : null)
    }
  }

  socket.on('message', (data) => {
    const parsed = terminalRequest.safeParse(parseJson(String(data)))
    if (!parsed.success) return socket.close(1008, 'Not a message of the terminal')
    void answer(parsed.data)
  })
  socket.on('close', () => {
    for (const number of [...starting.keys(), ...views.keys()]) detach(number)
  })
  return { send }
}

const has = (sessions: Sessions, id: string) => sessions.list().some((session) => session.id === id)

function framed(view: number, bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(VIEW_HEADER_BYTES + bytes.length)
  frame.writeUInt16BE(view)
  frame.set(bytes, VIEW_HEADER_BYTES)
  return frame
}
