import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { listenOnAddress } from './listen-tcp.ts'

const open = { onAbsent: () => undefined, signal: new AbortController().signal }
const close = (...servers: ReturnType<typeof createServer>[]) =>
  Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))

test('shares an address with replicas, and with nobody else', async () => {
  const [one, two, stranger] = [createServer(), createServer(), createServer()]
  await listenOnAddress(one, { host: '127.0.0.1', port: 0, isShared: true, ...open })
  const { port } = one.address() as AddressInfo
  expect(await listenOnAddress(two, { host: '127.0.0.1', port, isShared: true, ...open })).toBe(true)
  await expect(
    listenOnAddress(stranger, { host: '127.0.0.1', port, isShared: false, ...open }),
  ).rejects.toThrow('EADDRINUSE')
  await close(one, two)
})

test('waits for an address that is not there, until it is told to stop', async () => {
  const over = new AbortController()
  // Of a documentation network: no machine has it.
  const address = { host: '192.0.2.1', port: 4100, isShared: true, signal: over.signal }
  expect(await listenOnAddress(createServer(), { ...address, onAbsent: () => over.abort() })).toBe(false)
})
