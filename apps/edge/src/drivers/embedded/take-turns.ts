/**
 * Requests of one connection, one after the other: a client may send many without waiting for answers (RFC 9112,
 * 9.3.2), and Node hands over all that it can read of them at once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** No browser does that; a client that is cut off sends again what was not answered. */
const MOST_WAITING = 100

/** Runs `serve` when all that came before on this connection is answered; never, once the connection is gone. */
export type TakeTurns = (request: IncomingMessage, response: ServerResponse, serve: () => void) => void

export function createTurns(): TakeTurns {
  const lines = new WeakMap<Socket, (() => void)[]>()

  return ({ socket }, response, serve) => {
    const next = () => {
      const follower = lines.get(socket)?.shift()
      if (!follower || socket.destroyed) lines.delete(socket)
      else follower()
    }
    const start = () => {
      response.once('close', next)
      serve()
    }
    const line = lines.get(socket)
    if (!line) {
      lines.set(socket, [])
      start()
    } else if (line.length < MOST_WAITING) line.push(start)
    else socket.destroy()
  }
}
