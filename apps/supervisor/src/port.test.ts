import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { assertPortFree } from './port-check.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'names the holder of a port taken on %s, and another port',
  async (host) => {
    const port = await listen(host)
    const attempt = assertPortFree('127.0.0.1', port)
    await expect(attempt).rejects.toThrow(`Port ${port} is already in use by process ${process.pid}: `)
    await expect(attempt).rejects.toThrow(`--port ${port === 65_535 ? 8080 : port + 1}`)
  },
)

test('accepts a free port', async () => {
  const port = await listen('127.0.0.1')
  servers.splice(0)[0]?.close()
  await expect(assertPortFree('127.0.0.1', port)).resolves.toBeUndefined()
})

test('refuses an address of another machine, and says why', async () => {
  await expect(assertPortFree('192.0.2.1', 8080)).rejects.toThrow('Check EDGE_LISTEN')
})
