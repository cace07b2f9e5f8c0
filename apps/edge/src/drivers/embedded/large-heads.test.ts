import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { connect, Socket } from 'node:net'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { LIMITS } from '../../policy/limits.ts'
import { TOO_LONG } from '../../policy/texts.ts'
import { ALICE, type Setup, setUp } from '../../testing/setup.ts'
import { createEmbeddedDriver } from './driver.ts'
import { createLargeHeads } from './large-heads.ts'

const LONG = 'x'.repeat(LIMITS.headerBytes)
const limits = { ...LIMITS, largeHeadersPerNetwork: 2 }
const from = '127.0.0.5'
const withCookies = { host: ALICE, headers: { cookie: `a=${LONG}` } }

let setup: Setup
beforeAll(async () => {
  setup = await setUp(createEmbeddedDriver, { limits })
})
beforeEach(() => {
  setup.platform.asked.length = 0
})
afterAll(() => setup[Symbol.asyncDispose]())

it.each([
  ['one header', { headers: { 'x-a': LONG } }],
  [
    'many headers',
    { headers: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`x-${i}`, 'x'.repeat(100)])) },
  ],
  ['an address', { path: `/${LONG}` }],
])('refuses %s of more than the limit', async (_, ask) => {
  for (const host of [ALICE, 'localhost', 'app.localhost'])
    expect(await setup.fetch({ host, ...ask })).toMatchObject({ status: 431, text: TOO_LONG })
  expect(setup.platform.asked).toEqual([])
})

it('takes cookies that are longer, one request after the other', async () => {
  for (let i = 0; i < 2 * limits.largeHeadersPerNetwork; i++)
    expect((await setup.fetch({ ...withCookies, from })).status).toBe(200)
})

it('counts no body for a head', async () => {
  const body = Buffer.alloc(5 * LIMITS.headerBytes)
  const sent = Array.from({ length: 5 }, () => setup.echo({ method: 'POST', body }))
  expect((await Promise.all(sent)).map(({ bytes }) => bytes)).toEqual(Array(5).fill(body.length))
})

it('ends the connections of a network that has too many large heads on their way, and of no other', async () => {
  const sockets: Socket[] = []
  for (let i = 0; i < limits.largeHeadersPerNetwork; i++) {
    const socket = connect({ port: setup.port, host: '127.0.0.1', localAddress: from })
    await once(socket, 'connect')
    socket.write(`GET / HTTP/1.1\r\nHost: ${ALICE}\r\nCookie: ${LONG}`)
    sockets.push(socket)
  }
  const ask = () => setup.fetch({ ...withCookies, from }).then(({ status }) => status)
  await expect.poll(() => ask().catch(() => 'closed')).toBe('closed')
  expect((await setup.fetch({ ...withCookies, from: '127.0.0.6' })).status).toBe(200)
  expect((await setup.fetch({ host: ALICE, from })).status).toBe(200)
  sockets.pop()?.destroy()
  await until('a place', () => ask().catch(() => undefined))
  for (const socket of sockets) socket.destroy()
})

it('gives back the place of a request whose answer waited for its turn when the connection ended', () => {
  const heads = createLargeHeads({ ...limits, largeHeadersPerNetwork: 1 })
  const connection = () => {
    const socket = new Socket().on('error', () => {})
    heads.watch(socket, from)
    socket.emit('data', Buffer.from(`${LONG}x`))
    return socket
  }
  const first = connection()
  const request = new IncomingMessage(first)
  // It has no connection yet, and never sees it close.
  heads.began(request, new ServerResponse(request))
  expect(connection().destroyed).toBe(true)
  first.emit('close')
  expect(connection().destroyed).toBe(false)
})

it('counts by client behind a trusted proxy', async () => {
  const proxy = '127.0.0.2'
  await using behind = await setUp(createEmbeddedDriver, { limits, trustedProxies: [proxy] })
  const of = (client: string, path = '/') => ({
    ...{ host: ALICE, path, from: proxy },
    headers: { ...withCookies.headers, 'x-forwarded-for': client },
  })
  const streams = [
    await behind.open(of('192.0.2.1', '/stream')),
    await behind.open(of('192.0.2.1', '/stream')),
  ]
  expect((await behind.fetch(of('192.0.2.1'))).status).toBe(429)
  expect((await behind.fetch(of('192.0.2.2'))).status).toBe(200)
  for (const stream of streams) stream.destroy()
  await until('a place', async () => (await behind.fetch(of('192.0.2.1'))).status === 200)
})
