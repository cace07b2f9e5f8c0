/** From an instance through the proxy to the api's private socket. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { InstanceId } from '@matrixos/shared'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod/mini'
import { instanceCallRoutes } from '../../http/instance-calls.ts'
import { memoryLimit } from '../../limits/attempt-limit.ts'
import { createPlatformCalls } from './platform-calls.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-calls-'))
const serviceSocket = join(folder, 'service.sock')
const instanceId: InstanceId = `ins_${'0'.repeat(26)}`
let server: Server
const bodySchema = z.object({ name: z.string() })

beforeAll(async () => {
  const routes = instanceCallRoutes({
    calls: {
      'PUT /channels': async (id, body) => ({ id, ...bodySchema.parse(body) }),
      'GET /channels': async () => ({}),
    },
    isService: (headers) => headers.get('authorization') === 'Bearer token',
    limit: memoryLimit({ name: 'test', attempts: 20, seconds: 60, message: 'Too many calls.' }),
    log: pino({ level: 'silent' }),
  })
  const own = new Hono().all('/trpc/*', (context) => context.json({ own: true }))
  server = createServer(getRequestListener(own.route('/', routes).fetch))
  await new Promise<void>((resolve) => server.listen(serviceSocket, resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const call = async (method: string, path: string, body = '', token = 'token') => {
  const calls = createPlatformCalls({ serviceSocket, token })
  const answer = await calls.send({ instanceId, method, path, body: Buffer.from(body) })
  await calls.close()
  return [answer.status, JSON.parse(answer.body)]
}

it('says whose call it is, and brings the answer back', async () => {
  expect(await call('PUT', '/instance/channels', '{"name":"x"}')).toEqual([
    200,
    { id: instanceId, name: 'x' },
  ])
  expect(await call('GET', '/instance/channels')).toEqual([200, {}])
})

it.each([
  ['a body that is not what it should be', 400, ['PUT', '/instance/channels', '{"name":1}']],
  ['no JSON', 400, ['PUT', '/instance/channels', '{']],
  ['what cannot be stored', 400, ['PUT', '/instance/channels', '{"name":"\\u0000"}']],
  ['an unknown call', 404, ['PUT', '/instance/nothing', '{}']],
  ['another method', 404, ['POST', '/instance/channels', '{}']],
  ['another caller than the platform', 403, ['GET', '/instance/channels', '', 'wrong']],
] as const)('refuses %s with %i', async (_, status, [method, path, body, token]) => {
  expect((await call(method, path, body, token))[0]).toBe(status)
})

it.each([
  '/instance/../trpc/gate.routes',
  '/instance/%2e%2e/trpc/gate.routes',
  '/instance/.%2E/trpc/gate.routes',
  '/instance/..\\trpc\\gate.routes',
  '/instance/./channels',
  '/instance//trpc/gate.routes',
  '/instance/',
  '/instance/channels#x',
])('passes on no path that leads elsewhere: %s', async (path) => {
  await expect(call('POST', path, '{}')).rejects.toMatchObject({ status: 404 })
})

it('throws in the provider’s own words when the api is away', async () => {
  const calls = createPlatformCalls({ serviceSocket: join(folder, 'nobody.sock'), token: '' })
  const asked = calls.send({ instanceId, method: 'GET', path: '/instance/channels', body: Buffer.alloc(0) })
  await expect(asked).rejects.toMatchObject({ status: 503, retryAfterS: 5 })
  await calls.close()
})

it('hears no more of an instance that calls without end, and says when to come back', async () => {
  const answers = await Promise.all(Array.from({ length: 21 }, () => call('GET', '/instance/channels')))
  expect(answers.map(([status]) => status)).toContain(429)
  const refused = answers.find(([status]) => status === 429)
  expect(refused?.[1]).toMatchObject({ code: 'too_many_requests', retryAfterS: expect.any(Number) })
})
