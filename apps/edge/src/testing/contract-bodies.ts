/** Contract: nobody holds a connection by sending slowly, but who was let in to an instance. */

import { Agent, type IncomingMessage, request } from 'node:http'
import { PassThrough } from 'node:stream'
import { freePort } from '@matrixos/testing/free-port'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { LIMITS } from '../policy/limits.ts'
import { pass } from './gate.ts'
import { dripExchange, rawExchange, readBody } from './servers.ts'
import { ALICE, type Setup, type StartEdge, setUp } from './setup.ts'

const QUICK = { ...LIMITS, headersMs: 1500, platformRequestMs: 1500, lingerMs: 500 }

type Framing = [name: string, header: string, part: string]
const WITH_LENGTH: Framing = ['with length', 'Content-Length: 100000', 'x']
const CHUNKED: Framing = ['chunked', 'Transfer-Encoding: chunked', '1\r\nx\r\n']

const PLATFORM = [
  ['app.localhost', '/trpc/x'],
  ['app.localhost', '/'],
  ['api.localhost', '/x'],
  ['localhost', '/'],
  [ALICE, '/.mos/x'],
] as const

const statusLine = (text: string) => text.split('\r\n')[0]

export function bodyCases(start: StartEdge): void {
  let setup: Setup
  beforeAll(async () => {
    setup = await setUp(start, { limits: QUICK })
  })
  beforeEach(() => {
    setup.platform.asked.length = 0
    setup.platform.decide = () => pass(setup.instance.address, { user: 'alice' })
  })
  afterAll(() => setup[Symbol.asyncDispose]())

  /** What came back when the edge closed the connection. */
  const drip = (host: string, path: string, [, framing, part]: Framing) =>
    dripExchange(setup.port, `POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${framing}\r\n\r\n`, part)

  const eachFraming = it.each([WITH_LENGTH, CHUNKED])

  it('cuts off a connection on which headers drip, or nothing comes', async () => {
    const lines = ['localhost', ALICE, 'nowhere.example'].map((host) =>
      dripExchange(setup.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n`, 'X-Slow: 1\r\n'),
    )
    for (const text of await Promise.all([...lines, rawExchange(setup.port, '')]))
      expect(statusLine(text)).toMatch(/^(HTTP\/1\.1 408 Request Timeout)?$/)
    expect(setup.platform.asked).toEqual([])
  })

  eachFraming('cuts off a body that drips to the platform, %s', async (...framing) => {
    const texts = await Promise.all(PLATFORM.map(([host, path]) => drip(host, path, framing)))
    // Caddy may take the client for gone, and close without an answer.
    for (const text of texts) expect(statusLine(text)).toMatch(/^(HTTP\/1\.1 408 Request Timeout)?$/)
  })

  eachFraming('cuts off a body that drips to a service that has answered, %s', async (...framing) => {
    for (const status of [200, 405]) {
      const texts = await Promise.all(
        PLATFORM.map(([host, path]) => drip(host, `${path.replace(/x$/, '')}early-${status}`, framing)),
      )
      for (const text of texts) expect(statusLine(text)).toContain(` ${status} `)
    }
  })

  eachFraming('cuts off a body that drips with too many cookies, %s', async (name, header, part) => {
    const cookie = `Cookie: a=${'x'.repeat(LIMITS.cookieBytes + 1)}`
    const text = await drip('localhost', '/', [name, `${cookie}\r\n${header}`, part])
    expect(statusLine(text)).toContain(' 431 ')
  })

  eachFraming('cuts off a body that drips to where nothing is, %s', async (...framing) => {
    expect(statusLine(await drip('nowhere.example', '/', framing))).toContain(' 404 ')
    expect(statusLine(await drip('app.localhost', '/a/../b', framing))).toContain(' 400 ')
  })

  eachFraming('cuts off a body that drips to an instance behind a closed gate, %s', async (...framing) => {
    for (const status of [401, 503]) {
      setup.platform.decide = () => ({ status, headers: { 'x-gate': 'said' }, body: 'From the gate.' })
      const text = await drip(ALICE, '/upload', framing)
      expect(statusLine(text)).toContain(` ${status} `)
      expect(text).toMatch(/x-gate: said/i)
      expect(text).toContain('From the gate.')
    }
  })

  eachFraming('cuts off a body that drips to an instance that is not there, %s', async (...framing) => {
    const nobody = `127.0.0.1:${await freePort()}`
    setup.platform.decide = () => pass(nobody)
    expect(statusLine(await drip(ALICE, '/upload', framing))).toContain(' 503 ')
  })

  it('lets a body that was let in to an instance drip on', async () => {
    const sent = new PassThrough()
    const answered = setup.echo({ method: 'POST', body: sent })
    sent.write('a')
    // Longer than anybody else may take.
    await drip('localhost', '/', WITH_LENGTH)
    await drip('nowhere.example', '/', WITH_LENGTH)
    sent.end('b')
    expect((await answered).bytes).toBe(2)
  })

  it('lets an answer to a body take as long as it likes', async () => {
    const ask = { host: 'app.localhost', path: '/trpc/stream', method: 'POST', body: Buffer.from('question') }
    const response = await setup.open(ask)
    await drip('localhost', '/', WITH_LENGTH)
    setup.platform.finishStreams()
    expect((await readBody(response)).toString()).toBe('firstlast')
  })

  it.each([200, 503])('keeps the connection of a POST that was answered with %i', async (status) => {
    using client = oneSocket(setup.port)
    if (status === 503) await setup.platform.stopSpa()
    expect(await client.send('POST', 'localhost')).toBe(status)
    await drip('api.localhost', '/', WITH_LENGTH)
    expect(await client.send('GET', 'api.localhost')).toBe(200)
    expect(client.sockets()).toBe(1)
  })
}

/** A client with one connection. */
function oneSocket(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let sockets = 0
  const send = async (method: string, host: string): Promise<number> => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, headers: { host }, agent })
      sent.on('response', resolve)
      sent.on('error', reject)
      sent.on('socket', () => {
        if (!sent.reusedSocket) sockets++
      })
      sent.end(method === 'POST' ? 'body' : undefined)
    })
    await readBody(response)
    return response.statusCode ?? 0
  }
  return { send, sockets: () => sockets, [Symbol.dispose]: () => agent.destroy() }
}
