/** The note pad over WebSockets: every open tab sees every save. */
import type { WebSocket } from 'ws'
import { inPlainWords } from '../files/plain-words.ts'
import type { NotesEvent } from '../protocol.ts'
import { notesRequest } from '../requests.ts'
import type { Pad } from './pad.ts'

export interface NotesHub {
  join(socket: WebSocket): Promise<void>
  /** Tells every tab when the file is no longer what they were told last, for instance after a console command. */
  refresh(): Promise<void>
}

export function createNotesHub(pad: Pad): NotesHub {
  const tabs = new Set<WebSocket>()
  let told = ''

  const send = (socket: WebSocket, event: NotesEvent) => socket.send(JSON.stringify(event))

  const save = async (socket: WebSocket, request: { id: number; base: string; text: string }) => {
    try {
      const { version, keptCopy } = await pad.save(request.text, request.base)
      send(socket, { type: 'saved', id: request.id, version, keptCopy })
      if (version === told) return
      told = version
      for (const tab of tabs) if (tab !== socket) send(tab, { type: 'pad', version, text: request.text })
    } catch (error) {
      send(socket, { type: 'failed', id: request.id, message: inPlainWords(error, 'The note pad') })
    }
  }

  return {
    async join(socket) {
      socket.on('message', (data) => {
        const parsed = notesRequest.safeParse(parseJson(String(data)))
        if (!parsed.success) return socket.close(1008, 'Not a message of the note pad')
        if (parsed.data.type === 'ping') return send(socket, { type: 'pong' })
        void save(socket, parsed.data)
      })
      socket.on('close', () => tabs.delete(socket))
      tabs.add(socket)
      try {
        const state = await pad.read()
        told = state.version
        send(socket, { type: 'pad', ...state })
      } catch (error) {
        send(socket, { type: 'failed', id: 0, message: inPlainWords(error, 'The note pad') })
      }
    },
    async refresh() {
      if (tabs.size === 0) return
      const state = await pad.read()
      if (state.version === told) return
      told = state.version
      for (const tab of tabs) send(tab, { type: 'pad', ...state })
    },
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
