import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { parseFlags } from './flags.ts'
import { assertAiPortFree, assertPortFree } from './port-check.ts'
import { settle } from './settings.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(host: string, reusePort = false): Promise<number> {
  const server = createServer().listen({ port: 0, host, reusePort })
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'names the holder of a port taken on %s, and another port',
  async (host) => {
    const port = await listen(host)
    const attempt = assertPortFree({ host: '127.0.0.1', port })
    await expect(attempt).rejects.toThrow(`Port ${port} is already in use by process ${process.pid}: `)
    await expect(attempt).rejects.toThrow(`--port ${port === 65_535 ? 8080 : port + 1}`)
  },
)

test('accepts a free port', async () => {
  const port = await listen('127.0.0.1')
  servers.splice(0)[0]?.close()
  await expect(assertPortFree({ host: '127.0.0.1', port })).resolves.toBeUndefined()
})

test('refuses an address of another machine, and says why', async () => {
  await expect(assertPortFree({ host: '192.0.2.1', port: 8080 })).rejects.toThrow('Check EDGE_LISTEN')
})

const settings = (listen: string, env: NodeJS.ProcessEnv = {}) =>
  settle({
    flags: parseFlags([], {}),
    env: { ...env, AI_PROXY_LISTEN: listen },
    ...{ cwd: '/srv', localPostgresFile: null, providers: [] },
  })

test("names the holder of the AI proxy's port, and the variable that chooses another", async () => {
  const port = await listen('127.0.0.1')
  const attempt = assertAiPortFree(settings(`127.0.0.1:${port}`))
  await expect(attempt).rejects.toThrow(`Port ${port} is already in use by process ${process.pid}: `)
  await expect(attempt).rejects.toThrow(`AI_PROXY_LISTEN=127.0.0.1:${port + 1} npm start`)
})

const SHARED = { RUNTIME: 'docker', DATABASE_URL: 'postgres://u@h/d' }

test('lets a replica share the port of the AI proxy, and no stranger', async () => {
  const shared = await listen('127.0.0.1', true)
  await expect(assertAiPortFree(settings(`127.0.0.1:${shared}`, SHARED))).resolves.toBeUndefined()
  await expect(assertAiPortFree(settings(`127.0.0.1:${shared}`))).rejects.toThrow('already in use')
  const strangers = await listen('127.0.0.1')
  await expect(assertAiPortFree(settings(`127.0.0.1:${strangers}`, SHARED))).rejects.toThrow('already in use')
})

test("waits for the address of the instances' network, and for no other", async () => {
  await expect(assertAiPortFree(settings('192.0.2.1:4100', SHARED))).resolves.toBeUndefined()
  await expect(assertAiPortFree(settings('192.0.2.1:4100'))).rejects.toThrow('Check AI_PROXY_LISTEN')
})
