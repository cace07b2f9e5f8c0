/** An instance that means harm. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Answers every request with these bytes and nothing more. */
export async function startHostile(bytes: string) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(bytes, 'latin1'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() }
}
