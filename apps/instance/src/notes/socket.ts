/** The note pad over WebSockets: every open tab sees every save. */
import type { WebSocket } from 'ws'
import { inPlainWords } from '../files/plain-words.ts'
import type { NotesEvent } from '../protocol.ts'
import { notesRequest } from '../requests.ts'
import type { Pad, PadState } from './pad.ts'

export interface NotesHub {
  join(socket: WebSocket): Promise<void>
  /** Tells every tab that does not know the file's present text, for instance after a console command. */
  refresh(): Promise<void>
  /** Resolves when every save that came in is done, whatever came of it. */
  settled(): Promise<void>
}

export function createNotesHub(pad: Pad): NotesHub {
  /** The version that each tab knows; `null` before its first one. */
  const tabs = new Map<WebSocket, string | null>()
  let queue: Promise<unknown> = Promise.resolve()

  /** One after the other: a read that began before a save must not be sent after it. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }

  const send = (socket: WebSocket, event: NotesEvent) => socket.send(JSON.stringify(event))

  const publish = (state: PadState) => {
    for (const [tab, known] of tabs) {
      if (known === state.version) continue
      tabs.set(tab, state.version)
      send(tab, { type: 'pad', ...state })
    }
  }

  const save = async (socket: WebSocket, request: { id: number; base: string; text: string }) => {
    try {
      const { version, keptCopy } = await pad.save(request.text, request.base)
      send(socket, { type: 'saved', id: request.id, version, keptCopy })
      if (tabs.has(socket)) tabs.set(socket, version)
      publish({ version, text: request.text })
    } catch (error) {
      send(socket, { type: 'failed', id: request.id, message: inPlainWords(error, 'The note pad') })
    }
  }

  return {
    async join(socket) {
      socket.on('message', (data) => {
        const parsed = notesRequest.safeParse(parseJson(String(data)))
        if (!parsed.success) return socket.close(1008, 'Not a message of the note pad')
        const request = parsed.data
        if (request.type === 'ping') return send(socket, { type: 'pong' })
        void inOrder(() => save(socket, request))
      })
      socket.on('close', () => tabs.delete(socket))
      tabs.set(socket, null)
      try {
        await inOrder(async () => publish(await pad.read()))
      } catch (error) {
        send(socket, { type: 'failed', id: 0, message: inPlainWords(error, 'The note pad') })
      }
    },
    async refresh() {
      if (tabs.size > 0) await inOrder(async () => publish(await pad.read()))
    },
    settled: async () => void (await queue),
  }
}

/** `undefined` for what is no JSON: no schema accepts that. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
