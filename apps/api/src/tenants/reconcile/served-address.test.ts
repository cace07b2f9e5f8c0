import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { servedAddress, untilReady } from './served-address.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(listener: RequestListener, port = 0): Promise<number> {
  const server: Server = createServer(listener).listen(port, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  return (server.address() as AddressInfo).port
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const base = { host: '127.0.0.1', trust: 'bearer' } as const
const gateway = () => listen((_request, response) => response.end('{"status":"ok"}'))
const patience = () => AbortSignal.timeout(20_000)

it('serves an instance from its gateway when a shell is neither declared nor there', async () => {
  const [gatewayPort, shellPort] = [await gateway(), await closedPort()]
  const address = { ...base, gatewayPort, shellPort, shellIsAssumed: true }
  const served = { ...base, gatewayPort, shellPort: null }
  expect(await untilReady(address, patience())).toEqual(served)
  expect(await servedAddress(address)).toEqual(served)
})

it('finds an undeclared shell, whatever it responds', async () => {
  const shellPort = await listen((_request, response) => response.writeHead(404).end())
  const gatewayPort = await gateway()
  const address = { ...base, gatewayPort, shellPort, shellIsAssumed: true }
  expect(await untilReady(address, patience())).toEqual({ ...base, gatewayPort, shellPort })
})

it('waits for a declared shell', async () => {
  const [gatewayPort, shellPort] = [await gateway(), await closedPort()]
  const address = { ...base, gatewayPort, shellPort }
  let isReady = false
  const ready = untilReady(address, patience()).finally(() => {
    isReady = true
  })
  await new Promise(setImmediate)
  const asked = Promise.withResolvers<void>()
  await listen((_request, response) => {
    expect(isReady).toBe(false)
    asked.resolve()
    response.end()
  }, shellPort)
  await asked.promise
  expect(await ready).toEqual(address)
})

it('gives up on a declared shell with its signal', async () => {
  const [gatewayPort, shellPort] = [await gateway(), await closedPort()]
  const signal = AbortSignal.timeout(300)
  expect(await untilReady({ ...base, gatewayPort, shellPort }, signal)).toBeNull()
})
