/** A whole instance on a port and in a home of its own, and a WebSocket client that is awaited, not slept for. */
import { once } from 'node:events'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { Settings } from '../env.ts'
import { startInstance } from '../server.ts'
import { temporaryFolder } from './folder.ts'

export const TEMPLATE = join(import.meta.dirname, '../../template')

export async function bootInstance(settings: Partial<Settings> = {}, onUse?: () => void) {
  const folder = await temporaryFolder()
  const logged: Record<string, unknown>[] = []
  const home = settings.home ?? join(folder.path, 'home')
  const instance = await startInstance({
    settings: {
      handle: 'alice',
      displayName: 'Alice',
      host: '127.0.0.1',
      port: 0,
      authToken: null,
      externalOrigin: null,
      appOriginPattern: null,
      ai: null,
      platform: null,
      services: { telegram: null, slack: null, discord: null },
      shellEnvironment: {},
      terminal: { kind: 'console', reason: 'No shell in tests.' },
      isIsolated: false,
      denylist: 'default',
      image: null,
      ...settings,
      home,
    },
    web: join(folder.path, 'no-page'),
    template: TEMPLATE,
    now: () => new Date('2025-03-01T12:00:00Z'),
    log: (msg, details) => void logged.push({ msg, ...details }),
    ...(onUse ? { onUse } : {}),
  })
  return {
    ...instance,
    home,
    /** What it wrote to its log. */
    logged,
    url: (path: string) => `http://127.0.0.1:${instance.port}${path}`,
    open: (path: string, options?: WebSocket.ClientOptions) =>
      openSocket(`ws://127.0.0.1:${instance.port}${path}`, options),
    async [Symbol.asyncDispose]() {
      await instance.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export interface TestSocket {
  /** The next message that came or comes. */
  next(): Promise<Record<string, unknown>>
  send(message: object): void
  /** As it is. */
  sendText(text: string): void
  closed: Promise<{ code: number; reason: string }>
  close(): void
}

/** Rejects with the HTTP status when the server refuses. */
export async function openSocket(url: string, options?: WebSocket.ClientOptions): Promise<TestSocket> {
  const socket = new WebSocket(url, options)
  const messages: Record<string, unknown>[] = []
  const waiting: ((message: Record<string, unknown>) => void)[] = []
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    const first = waiting.shift()
    if (first) first(message)
    else messages.push(message)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  socket.once('unexpected-response', (request, response) => {
    socket.emit('error', new Error(`refused with ${response.statusCode}`))
    request.destroy()
  })
  await once(socket, 'open')
  return {
    next: () => {
      const message = messages.shift()
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve))
    },
    send: (message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    closed,
    close: () => socket.close(),
  }
}
