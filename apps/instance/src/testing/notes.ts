/** The note pad of the reference instance, as its page uses it: over a WebSocket. */

import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { WebSocket } from 'ws'
import { NOTES_PATH, type NotesEvent } from '../protocol.ts'

export interface Notes {
  socket: WebSocket
  text: string
  save: (text: string) => Promise<void>
  close: () => Promise<void>
}

const ANSWER_TIMEOUT_MS = 40_000

/** Resolves once the pad's present text has arrived. */
export async function openNotes(client: PlatformClient, handle: string): Promise<Notes> {
  const origin = client.hosts.instanceOrigin(handle)
  const opened = Promise.withResolvers<NotesEvent>()
  const prepare = (made: WebSocket) => opened.resolve(nextEvent(made, (event) => event.type === 'pad'))
  const socket = await client.browser.websocket(`${origin.replace(/^http/, 'ws')}${NOTES_PATH}`, { prepare })
  const first = await opened.promise
  if (first.type !== 'pad') throw new Error(`Expected the pad, got ${first.type}.`)
  let { version } = first
  return {
    socket,
    text: first.text,
    async save(text) {
      const answer = nextEvent(socket, (event) => event.type === 'saved' || event.type === 'failed')
      socket.send(JSON.stringify({ type: 'save', id: 1, base: version, text }))
      const saved = await answer
      if (saved.type !== 'saved') throw new Error(`Not saved: ${JSON.stringify(saved)}`)
      version = saved.version
    },
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve())
        socket.close()
      }),
  }
}

function nextEvent(socket: WebSocket, wanted: (event: NotesEvent) => boolean): Promise<NotesEvent> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => {
      clearTimeout(timer)
      socket.off('message', onMessage)
      socket.off('close', onClose)
      finish()
    }
    const onMessage = (data: Buffer) => {
      const event: NotesEvent = JSON.parse(data.toString())
      if (wanted(event)) end(() => resolve(event))
    }
    const onClose = (code: number) => end(() => reject(new Error(`The note pad closed with ${code}.`)))
    const timer = setTimeout(
      () => end(() => reject(new Error('The note pad did not answer.'))),
      ANSWER_TIMEOUT_MS,
    )
    socket.on('message', onMessage)
    socket.on('close', onClose)
  })
}
