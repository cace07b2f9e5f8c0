/** Bodies of requests: what one instance keeps from the others by sending much, and never all of it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ProxyError } from './errors.ts'
import { createSpool } from './spool.ts'

/** Answers each request with the length of its body, which it keeps. */
async function startSpooling() {
  const spool = createSpool({
    ...{ mostBytes: 2_000_000, mostBytesOfOne: 1_500_000, mostBytesAtOnce: 1_000_000 },
    ...{ alwaysBytesOfOne: 200_000, timeoutMs: 60_000 },
  })
  let arrived = 0
  const server = createServer((request, response) => {
    const kept = spool(request, String(request.headers['x-owner']))
    request.on('data', (chunk: Buffer) => {
      arrived += chunk.length
    })
    kept.then(
      ({ body }) => response.end(String(body.length)),
      (error: unknown) => response.writeHead(error instanceof ProxyError ? error.status : 500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    arrived: () => arrived,
    send: async (owner: string, body: string | ReadableStream, signal?: AbortSignal) => {
      const init = { ...({ method: 'POST', duplex: 'half' } as const), headers: { 'x-owner': owner }, body }
      return (await fetch(url, { ...init, ...(signal && { signal }) })).status
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('takes the usual requests of everyone, however much others have sent and never finish', async () => {
  await using server = await startSpooling()
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(990_000).fill(32)),
  })
  const leaving = new AbortController()
  const hog = server.send('hog', endless, leaving.signal).catch(() => null)
  await expect.poll(() => server.arrived()).toBe(990_000)
  const padded = (bytes: number) => 'x'.repeat(bytes)
  expect(await server.send('ada', padded(300_000))).toBe(529)
  expect(await server.send('ada', padded(115_000))).toBe(200)
  // Of each so much, not of each request.
  expect(await server.send('ada', padded(115_000))).toBe(529)
  expect(await server.send('ben', padded(115_000))).toBe(200)
  leaving.abort()
  expect(await hog).toBe(null)
})
