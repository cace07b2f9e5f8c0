/** A malicious instance. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Answers every request with these bytes and nothing more. */
export async function startHostile(bytes: string) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(bytes, 'latin1'))
  })
  return listening(server)
}

/** Reads a request, and resets its connection instead of answering where `resets` says so. `first`: of its connection. */
export async function startFickle(resets: (request: string, first: boolean) => boolean) {
  const requests: string[] = []
  const server = createServer((socket) => {
    let first = true
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const request = chunk.toString('latin1')
      requests.push(request.split(' ')[0] ?? '')
      if (resets(request, first)) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      first = false
    })
  })
  return { ...(await listening(server)), requests }
}

async function listening(server: ReturnType<typeof createServer>) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
