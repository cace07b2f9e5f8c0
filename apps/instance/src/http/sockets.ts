/** Opens, watches and closes WebSockets. One that no longer answers is cut, so that it cannot keep a computer awake. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

export type ServeSocket = (socket: WebSocket, url: URL) => Promise<void>

export interface Sockets {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, serve: ServeSocket): void
  /** Sends a closing frame to each and resolves when all are gone, at the latest after `withinMs`. */
  close(code: number, reason: string, withinMs: number): Promise<void>
}

const LARGEST_MESSAGE = 2 * 1024 * 1024

export interface SocketsOptions {
  heartbeatMs?: number
  /** Bytes; who sends more is closed with 1009. */
  largestMessage?: number
  /** Told of what went wrong while a WebSocket was opened; its client is told with 1011. */
  onFailure: (error: unknown) => void
}

export function createSockets({
  heartbeatMs = 30_000,
  largestMessage = LARGEST_MESSAGE,
  onFailure,
}: SocketsOptions): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestMessage,
  })
  const alive = new WeakSet<WebSocket>()
  let heartbeat: NodeJS.Timeout | undefined

  const beat = () => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }

  const accept = (socket: WebSocket, request: IncomingMessage, serve: ServeSocket) => {
    alive.add(socket)
    heartbeat ??= setInterval(beat, heartbeatMs).unref()
    socket.on('pong', () => alive.add(socket))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      if (server.clients.size > 0) return
      clearInterval(heartbeat)
      heartbeat = undefined
    })
    // Nothing may arrive before there is somebody to hear it.
    socket.pause()
    serve(socket, new URL(request.url ?? '/', 'http://instance'))
      .catch((error) => {
        onFailure(error)
        socket.close(1011)
      })
      .finally(() => socket.resume())
  }

  return {
    upgrade(request, stream, head, serve) {
      server.handleUpgrade(request, stream, head, (socket) => accept(socket, request, serve))
    },
    async close(code, reason, withinMs) {
      clearInterval(heartbeat)
      const closed = [...server.clients].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve).close(code, reason)),
      )
      const timer = setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, withinMs)
      await Promise.all(closed)
      clearTimeout(timer)
    },
  }
}
