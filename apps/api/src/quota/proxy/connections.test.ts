import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { limitConnections } from './connections.ts'

test('keeps so many connections of one address, and takes others when some have ended', async () => {
  const server = createServer((_, response) => void response.end('hello'))
  limitConnections(server, 3)
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  let closed = 0
  const dial = (from: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    return socket.on('error', () => {}).on('close', () => closed++)
  }
  const isServed = (socket: ReturnType<typeof dial>) =>
    new Promise<boolean>((resolve) => {
      socket.once('data', (chunk) => resolve(String(chunk).startsWith('HTTP/1.1 200')))
      socket.once('close', () => resolve(false))
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    })
  const crowd = Array.from({ length: 20 }, () => dial('127.0.0.1'))
  await expect.poll(() => closed).toBe(17)
  const other = dial('127.0.0.2')
  expect(await isServed(other)).toBe(true)
  expect(await isServed(dial('127.0.0.1'))).toBe(false)

  for (const socket of crowd) socket.destroy()
  await expect.poll(() => isServed(dial('127.0.0.1'))).toBe(true)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
