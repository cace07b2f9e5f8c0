import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createListener, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { passOn, passOnUpgrade } from './proxy.ts'

/** Says the same to everybody. */
async function playServer(said: string) {
  let count = 0
  const server = createListener((socket) => {
    count++
    socket.on('error', () => undefined).end(said)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    lease: { port: (server.address() as AddressInfo).port, end: () => undefined },
    count: () => count,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

test('asks a server nothing for whoever has left while it started', async () => {
  await using at = await playServer('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na')
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/' })
  const response = new ServerResponse(request)
  response.destroy()
  const passing = { request, lease: at.lease, isBearerOurs: true }
  await passOn(passing, response)
  await passOnUpgrade(passing, new Socket().destroy(), Buffer.alloc(0))
  expect(at.count()).toBe(0)
})

test('takes a status that there is not for no answer', async () => {
  await using at = await playServer('HTTP/1.1 099 Odd\r\nContent-Length: 1\r\n\r\na')
  const front = createServer((request, response) => {
    passOn({ request, lease: at.lease, isBearerOurs: true }, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(502)
  front.closeAllConnections()
  front.close()
})
