import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { isTransient, isUnreachable } from './errors.ts'
import { timeoutFetch } from './timeout-fetch.ts'

const t = initTRPC.create()
const router = t.router({ one: t.procedure.query(() => '') })

test('treats a server that never responds as a network failure that may pass', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`
  const client = createTRPCClient<typeof router>({ links: [httpLink({ url, fetch: timeoutFetch(50) })] })
  const error: unknown = await client.one.query().catch((reason: unknown) => reason)
  server.closeAllConnections()
  server.close()
  expect(isUnreachable(error)).toBe(true)
  expect(isTransient(error)).toBe(true)
})

test('ends the call when its caller leaves', async () => {
  const gone = new AbortController()
  const hung: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
    )
  const answer = timeoutFetch(60_000, hung)('http://localhost', { signal: gone.signal })
  gone.abort(new Error('left'))
  await expect(answer).rejects.toThrow('left')
})
