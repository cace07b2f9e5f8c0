/** Loopback ports. */
import { connect, createServer } from 'node:net'

export const LOOPBACK = '127.0.0.1'

/** A port that nobody listens on: the wanted one if it is free. Throws what the system says when there is none. */
export async function freePort(wanted: number | null, taken: ReadonlySet<number>): Promise<number> {
  if (wanted !== null && !taken.has(wanted) && (await tryPort(wanted).catch(() => null)) !== null)
    return wanted
  for (;;) {
    const port = await tryPort(0)
    if (!taken.has(port)) return port
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

/** Whether somebody listens there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
