import type { IncomingMessage } from 'node:http'
import { hostsOf } from '@matrixos/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { socketsIn } from '../../driver.ts'
import { LIMITS } from '../../policy/limits.ts'
import { BAD_ANSWER } from '../../policy/texts.ts'
import { edgeContract } from '../../testing/contract.ts'
import { pass } from '../../testing/gate.ts'
import { startFickle, startHostile } from '../../testing/hostile.ts'
import { rawExchange, startServer } from '../../testing/servers.ts'
import { ALICE, type Setup, setUp } from '../../testing/setup.ts'
import { createEmbeddedDriver } from './driver.ts'

edgeContract('embedded', createEmbeddedDriver)

it('says which port is taken, by whom, and how to choose another', async () => {
  await using holder = await startServer(() => undefined)
  const starting = createEmbeddedDriver({
    hosts: hostsOf('http://localhost:8080'),
    sockets: socketsIn('/nowhere'),
    listen: holder.address,
    trustedProxies: [],
    limits: LIMITS,
  })
  const port = holder.address.split(':')[1]
  await expect(starting).rejects.toThrow(
    new RegExp(
      `Port ${port} is already in use.*process ${process.pid}.*EDGE_LISTEN=127.0.0.1:\\d+ PUBLIC_URL=`,
    ),
  )
})

describe('alone', () => {
  let setup: Setup
  beforeEach(async () => {
    setup = await setUp(createEmbeddedDriver, { limits: { ...LIMITS, headersMs: 300 } })
  })
  afterEach(() => setup[Symbol.asyncDispose]())

  it('cuts off who does not finish the headers', async () => {
    expect(await rawExchange(setup.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n')).toContain(' 408 ')
  })

  const pipelined = (count: number) =>
    Array.from({ length: count }, (_, i) => `GET /${i} HTTP/1.1\r\nHost: ${ALICE}\r\n\r\n`).join('')

  it('serves one request of a connection at a time, in order', async () => {
    let [open, most] = [0, 0]
    await using instance = await startServer((request, response) => {
      most = Math.max(most, ++open)
      response.once('close', () => open--)
      setImmediate(() => response.end(`answer ${request.url}\n`))
    })
    setup.platform.decide = () => pass(instance.address)
    const text = await rawExchange(setup.port, pipelined(20), (so) => so.includes('answer /19\n'))
    const answers = [...text.matchAll(/answer \/(\d+)\n/g)].map(([, i]) => Number(i))
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(most).toBe(1)
  })

  it('closes a connection on which far too many requests wait for their turn', async () => {
    setup.platform.decide = () => new Promise(() => undefined)
    await rawExchange(setup.port, pipelined(500))
    expect(setup.platform.asked.length).toBeLessThanOrEqual(1)
  })

  it('gives a WebSocket a connection of its own, which ends with a refusal', async () => {
    const used: IncomingMessage['socket'][] = []
    await using instance = await startServer((request, response) => {
      used.push(request.socket)
      response.end('no WebSocket')
    })
    setup.platform.decide = () => pass(instance.address)
    const ask = () => setup.fetch({ host: ALICE })
    await ask()
    await expect(setup.socket()).rejects.toThrow('status 200')
    await ask()
    const [first, refused, third] = used
    expect(refused).not.toBe(first)
    expect(third).not.toBe(refused)
    await expect.poll(() => refused?.destroyed).toBe(true)
  })

  it.each(['POST', 'DELETE', 'PUT'])(
    'sends a %s without a body once, whatever becomes of it',
    async (method) => {
      using instance = await startFickle((request, first) => !first || request.startsWith(method))
      setup.platform.decide = () => pass(instance.address)
      expect((await setup.fetch({ host: ALICE })).status).toBe(200)
      const headers = { 'content-length': '0' }
      expect((await setup.fetch({ host: ALICE, method, headers })).status).toBe(503)
      expect(instance.requests).toEqual(['GET', method])
    },
  )

  it.each(['POST', 'DELETE', 'PUT'])('loses no %s to the end of a kept connection', async (method) => {
    using instance = await startFickle((_, first) => !first)
    setup.platform.decide = () => pass(instance.address)
    expect((await setup.fetch({ host: ALICE })).status).toBe(200)
    const headers = { 'content-length': '0' }
    expect((await setup.fetch({ host: ALICE, method, headers })).status).toBe(200)
    expect(instance.requests).toEqual(['GET', method])
  })

  it('sends a GET again when it met the end of a kept connection', async () => {
    using instance = await startFickle((_, first) => !first)
    setup.platform.decide = () => pass(instance.address)
    for (let i = 0; i < 2; i++) expect((await setup.fetch({ host: ALICE })).status).toBe(200)
    expect(instance.requests).toEqual(['GET', 'GET', 'GET'])
    expect(setup.platform.asked).toHaveLength(2)
  })

  it('reads a body of an upgrade to anything else', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'h2c' }
    const echo = await setup.echo({ method: 'POST', headers, body: Buffer.from('whole') })
    expect(echo).toMatchObject({ bytes: 5, headers: { 'content-length': ['5'] } })
    expect(echo.headers).not.toHaveProperty('transfer-encoding')
  })

  it.each([
    ['answer that is no HTTP', 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\n\r\n'],
    ['status that is none', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n'],
    ['switch of protocols', 'HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ])('says 502 to an %s, and does not ask again', async (_, bytes) => {
    using hostile = await startHostile(bytes)
    setup.platform.decide = () => pass(hostile.address)
    expect(await setup.fetch({ host: ALICE })).toMatchObject({ status: 502, text: BAD_ANSWER })
    expect(setup.platform.asked).toHaveLength(1)
  })

  it.each(['http://app.localhost/trpc/x', '*'])('refuses the target %s', async (target) => {
    const head = `OPTIONS ${target} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n`
    expect(await rawExchange(setup.port, head)).toContain(' 400 ')
  })
})
