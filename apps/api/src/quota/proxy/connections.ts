/** Connections of one address: each costs a file and memory before it asks anything, and there are only so many. */
import type { Server } from 'node:http'

/** As many requests as an instance may have under way, and what its programs keep open beside them. */
export const CONNECTIONS_OF_ONE = 256

/** Those beyond `most` are closed at once, without an answer. */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const address = socket.remoteAddress
    // It is gone already.
    if (address === undefined) return void socket.destroy()
    const now = open.get(address) ?? 0
    if (now >= most) return void socket.destroy()
    open.set(address, now + 1)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
  })
}
