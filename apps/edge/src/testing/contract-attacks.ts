/** Contract: neither a client's bytes nor an instance's harm anybody else. */
import { expect, it } from 'vitest'
import { pass } from './gate.ts'
import { startHostile } from './hostile.ts'
import { rawExchange } from './servers.ts'
import { ALICE, type Setup } from './setup.ts'

const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const webSocket = (host: string, path: string, ...more: string[]) =>
  head(`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', ...more)
const statusLine = (text: string) => text.split('\r\n')[0]

const HOSTS = [
  ['nobody.localhost', '/.mos/x'],
  ['api.localhost', '/trpc/x'],
  ['localhost', '/robots.txt'],
  [ALICE, '/ws'],
] as const

const FRAMED = ['Content-Length: 40', 'Transfer-Encoding: chunked']

const HOSTILE_ANSWERS = {
  'a control character in the reason': 'HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nok',
  'a control character in a header': 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 2\r\n\r\nok',
  'a control character of latin1': 'HTTP/1.1 200 O\x9bK\r\nX-A: a\x9bb\r\nContent-Length: 2\r\n\r\nok',
  'a space in a header’s name': 'HTTP/1.1 200 OK\r\nX A: a\r\nContent-Length: 2\r\n\r\nok',
  'the status 000': 'HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\nok',
  'the status 099': 'HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\nok',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok',
  'no HTTP': 'hello there',
}

const switchedTo = (protocol: string) =>
  `${head('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', `Upgrade: ${protocol}`)}${head('HTTP/1.1 200 OK', 'X-Smuggled: 1', 'Content-Length: 0')}`

export function attackCases(get: () => Setup): void {
  it.each(HOSTS)('refuses a WebSocket with a body at %s%s, and serves the next', async (host, path) => {
    for (const framed of FRAMED) {
      const text = await rawExchange(get().port, webSocket(host, path, framed), (got) => got.includes('\n'))
      expect(statusLine(text)).toContain('400')
      for (let i = 0; i < 3; i++) expect((await get().fetch({ host, path })).status).toBe(200)
    }
    expect(get().instance.handshakes.filter((headers) => headers['content-length'])).toEqual([])
  })

  it.each(['POST', 'DELETE', 'GET'])('announces no body for a %s that has none', async (method) => {
    const { headers, bytes } = await get().echo({ method, headers: { 'content-length': '0' } })
    expect(bytes).toBe(0)
    expect(headers).not.toHaveProperty('transfer-encoding')
    expect(headers['content-length'] ?? ['0']).toEqual(['0'])
  })

  it('survives a WebSocket that does not wait for the answer before', async () => {
    get().platform.decide = () => ({ status: 401 })
    const bytes = head('GET / HTTP/1.1', 'Host: localhost') + webSocket('nobody.localhost', '/ws')
    await rawExchange(get().port, bytes, (text) => text.includes('401'))
    expect((await get().fetch({ host: 'localhost' })).status).toBe(200)
  })

  it.each(Object.entries(HOSTILE_ANSWERS))('survives an instance’s answer with %s', async (_, bytes) => {
    using hostile = await startHostile(bytes)
    get().platform.decide = () => pass(hostile.address)
    const request = head('GET / HTTP/1.1', `Host: ${ALICE}`, 'Connection: close')
    const text = await rawExchange(get().port, request)
    // Caddy cuts off some of what it cannot pass on.
    expect(statusLine(text)).toMatch(/^(HTTP\/1\.1 (200 OK|502 Bad Gateway|503 Service Unavailable))?$/)
    expect((await get().fetch({ host: 'localhost' })).status).toBe(200)
  })

  it('refuses a protocol switch that nobody asked for', async () => {
    using hostile = await startHostile(switchedTo('websocket'))
    get().platform.decide = () => pass(hostile.address)
    const text = await rawExchange(get().port, head('GET / HTTP/1.1', `Host: ${ALICE}`, 'Connection: close'))
    expect(statusLine(text)).not.toContain('101')
    expect(text).not.toContain('X-Smuggled')
  })

  it.each(['h2c', 'anything', 'websocket, h2c', 'h2c/websocket'])(
    'makes no tunnel of %s, which could not be inspected',
    async (protocol) => {
      using hostile = await startHostile(switchedTo(protocol))
      get().platform.decide = () => pass(hostile.address)
      const lines = [`Host: ${ALICE}`, 'Connection: Upgrade', `Upgrade: ${protocol}`]
      const text = await rawExchange(get().port, head('GET / HTTP/1.1', ...lines), (got) =>
        got.includes('\n'),
      )
      expect(statusLine(text)).not.toContain('101')
    },
  )

  it('forwards no wish for another protocol to an instance', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }
    expect((await get().echo({ headers })).headers).not.toHaveProperty('upgrade')
  })

  it.each([
    ['two hosts', ['Host: app.localhost', `Host: ${ALICE}`]],
    ['two framings', [`Host: ${ALICE}`, 'Content-Length: 3', 'Transfer-Encoding: chunked']],
    ['an unknown coding', [`Host: ${ALICE}`, 'Transfer-Encoding: gzip, chunked']],
  ])('refuses or disarms %s', async (_, lines) => {
    const request = head('POST / HTTP/1.1', ...lines, 'Connection: close')
    const text = await rawExchange(get().port, `${request}0\r\n\r\n`)
    expect(statusLine(text)).toMatch(/HTTP\/1\.1 (400|501|200)/)
    if (text.includes('200 OK')) expect(text).not.toContain('"content-length":["3"]')
  })
}
