/** An answer to a request for a WebSocket. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** A client that was refused a WebSocket gets this long to read why. */
const LINGER_MS = 5000

/**
 * Node hands an upgrade over as a bare socket; refusals and errors are ordinary answers on it. `null`, and the socket
 * is destroyed, when the client did not wait for the answer to its request before.
 */
export function responseOn(request: IncomingMessage, socket: Duplex, head: Buffer): ServerResponse | null {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  try {
    response.assignSocket(request.socket)
  } catch {
    socket.destroy()
    return null
  }
  if (head.length > 0) socket.unshift(head)
  response.on('finish', () => {
    socket.end()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  })
  return response
}
