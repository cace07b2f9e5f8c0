import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { startVisitors } from './edge-visitors.ts'

/** What one visitor counts whose requests are answered by one handler after the other, the last one for good. */
async function visit(...handlers: RequestListener[]) {
  const done = Promise.withResolvers<void>()
  let asked = 0
  const server = createServer((request, response) => {
    const handler = handlers[Math.min(asked++, handlers.length - 1)]
    handler?.(request, response)
    // One more than there are handlers: each has been counted by then.
    if (asked > handlers.length) done.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const visitors = startVisitors({ port, headers: {}, visitors: 1 })
  await done.promise
  const visits = await visitors.stop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return visits
}

const fine: RequestListener = (_, response) => void response.end('ok')

it('counts an error status as failed, and says which', async () => {
  const broken: RequestListener = (_, response) => void response.writeHead(503).end('away')
  const visits = await visit(broken, fine)
  expect(visits).toMatchObject({ failed: 1, notConnected: 0, askedAgain: 0, reasons: ['503 away'] })
})

it('counts an answer that breaks off as failed', async () => {
  const half: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('half')
    setImmediate(() => response.destroy())
  }
  const visits = await visit(half, fine)
  expect(visits).toMatchObject({ failed: 1, notConnected: 0, askedAgain: 0 })
  expect(visits.reasons).toEqual([expect.stringContaining('within the answer')])
})

it('tells a new connection that is reset from a kept one, which is asked again', async () => {
  const reset: RequestListener = (request) => void request.socket.destroy()
  expect(await visit(reset, fine)).toMatchObject({ failed: 1, notConnected: 1, askedAgain: 0 })
  expect(await visit(fine, reset, fine)).toMatchObject({ failed: 0, askedAgain: 1, reasons: [] })
})
