/** Somebody at a terminal, without a screen: types, sees the echo, and acknowledges what is printed. */

import type { PlatformClient } from '@matrixos/testing/platform-client'
import { WebSocket } from 'ws'
import {
  ACKNOWLEDGE_EVERY_BYTES,
  TERMINAL_PATH,
  type TerminalEvent,
  type TerminalRequest,
  VIEW_HEADER_BYTES,
} from '../../apps/instance/src/terminal/protocol.ts'

const VIEW = 1
const WITHIN_MS = 60_000
const PROMPT = /[$#>›]\S* /

export type TerminalUser = Awaited<ReturnType<typeof use>>

export async function openThroughEdge(client: PlatformClient, handle: string): Promise<TerminalUser> {
  const origin = client.hosts.instanceOrigin(handle).replace(/^http/, 'ws')
  const made = Promise.withResolvers<WebSocket>()
  const opened = client.browser.websocket(`${origin}${TERMINAL_PATH}?page=bench-edge`, {
    prepare: made.resolve,
  })
  const user = use(await made.promise)
  await opened
  return user
}

export const openDirectly = (origin: string): Promise<TerminalUser> =>
  use(new WebSocket(`${origin}${TERMINAL_PATH}?page=bench-direct`))

async function use(socket: WebSocket) {
  let [session, generation, number, unacknowledged] = ['', 0, 0, 0]
  let tail = ''
  let check: () => void = () => undefined
  const send = (request: TerminalRequest) => socket.send(JSON.stringify(request))
  const type = (data: string) => {
    number++
    send({ type: 'input', session, generation, number, data })
  }
  const until = (what: string, isThere: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Not within ${WITHIN_MS} ms: ${what}.`)), WITHIN_MS)
      check = () => {
        if (!isThere()) return
        clearTimeout(timer)
        check = () => undefined
        resolve()
      }
      check()
    })
  const receive = (event: TerminalEvent) => {
    if (event.type === 'opened') {
      session = event.session
      send({ type: 'attach', view: VIEW, session })
    }
    if (event.type === 'attached') generation = event.generation
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      const bytes = data.subarray(VIEW_HEADER_BYTES)
      tail = (tail + bytes.toString('latin1')).slice(-200)
      unacknowledged += bytes.length
      if (unacknowledged >= ACKNOWLEDGE_EVERY_BYTES) {
        send({ type: 'acknowledge', view: VIEW, bytes: unacknowledged })
        unacknowledged = 0
      }
    } else receive(JSON.parse(String(data)))
    check()
  })
  if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => socket.once('open', resolve))
  send({ type: 'open', request: 1, columns: 80, rows: 24 })
  await until('a prompt', () => generation > 0 && PROMPT.test(tail))

  return {
    async begin(command: string): Promise<void> {
      type(`${command}\n`)
      await until('its line', () => tail.includes(`${command}\r\n`))
    },
    /** Milliseconds from a key to its echo. */
    async echo(): Promise<number> {
      tail = ''
      const before = performance.now()
      type('k')
      await until('an echo', () => tail.includes('k'))
      return performance.now() - before
    },
    async interrupt(): Promise<void> {
      tail = ''
      type('\u0003')
      await until('a prompt', () => PROMPT.test(tail))
    },
    /** Milliseconds until so many bytes are printed. */
    async output(bytes: number): Promise<number> {
      tail = ''
      const before = performance.now()
      type(`head -c ${bytes} /dev/zero | tr '\\0' x; echo "<$((40 + 2))>"\n`)
      await until('the end of it', () => tail.includes('<42>'))
      return performance.now() - before
    },
    close: () => socket.terminate(),
  }
}
