/** Contract: whose word about a client's address counts, with one trusted proxy in front of the edge. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Ask } from './client.ts'
import { pass } from './gate.ts'
import { ALICE, type Setup, type StartEdge, setUp } from './setup.ts'

const PROXY = '127.0.0.2'
const STRANGER = '127.0.0.3'

interface Seen {
  headers: Record<string, string[]>
}

export function proxyCases(start: StartEdge): void {
  let setup: Setup
  beforeAll(async () => {
    setup = await setUp(start, { publicUrl: 'https://localhost', trustedProxies: [PROXY, '10.0.0.0/8'] })
  })
  beforeEach(() => {
    setup.platform.asked.length = 0
    setup.platform.decide = () => pass(setup.instance.address, { user: 'alice' })
  })
  afterAll(() => setup[Symbol.asyncDispose]())

  /** What an instance, the gate and a service of the platform are told of the client. */
  async function told(from: string, headers: NonNullable<Ask['headers']>, name = 'x-forwarded-for') {
    const ask = { from, headers }
    const instance = await setup.echo(ask)
    const api: Seen = JSON.parse((await setup.fetch({ ...ask, host: 'api.localhost', path: '/x' })).text)
    const own: Seen = JSON.parse((await setup.fetch({ ...ask, host: ALICE, path: '/.mos/x' })).text)
    const values = [instance, setup.platform.asked.at(-1), api, own].map((seen) => seen?.headers[name])
    expect(new Set(values.map(String)).size).toBe(1)
    return values[0]
  }

  it.each([
    ['one address', '192.0.2.7', '192.0.2.7'],
    ['what the client made up before it', '6.6.6.6, 192.0.2.7', '192.0.2.7'],
    ['other trusted proxies after it', '6.6.6.6,192.0.2.7,10.1.2.3, 10.4.5.6', '192.0.2.7'],
    ['repeated headers', ['6.6.6.6', '192.0.2.7, 10.1.2.3'], '192.0.2.7'],
    ['garbage before it', `unknown, <script>, ${'x'.repeat(500)}, , 192.0.2.7`, '192.0.2.7'],
    ['an IPv6 address', '6.6.6.6, 2001:db8::7', '2001:db8::7'],
    ['a long spelling of an IPv6 address', '2001:0DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['a port', '6.6.6.6, 192.0.2.7:5123', '192.0.2.7'],
    ['nothing but trusted proxies', '10.1.2.3, 10.4.5.6', PROXY],
    ['nothing', '', PROXY],
  ])('takes the address from a trusted proxy that sends %s', async (_, value, address) => {
    const headers = value === '' ? {} : { 'X-Forwarded-For': value }
    expect(await told(PROXY, headers)).toEqual([address])
  })

  it.each(['192.0.2.7', '6.6.6.6, 10.1.2.3', '127.0.0.2', '::1'])(
    'takes no address from anybody else who sends %s',
    async (value) => {
      expect(await told(STRANGER, { 'X-Forwarded-For': value, 'X-Real-Ip': value })).toEqual([STRANGER])
    },
  )

  it.each(['6.6.6.6, unknown', '6.6.6.6, [2001:db8::7]:5123', '6.6.6.6, ', ['6.6.6.6', 'unix:']])(
    'refuses %s of a trusted proxy, whose last entry is no address',
    async (value) => {
      const headers = { 'X-Forwarded-For': value }
      for (const host of [ALICE, 'api.localhost'])
        expect(await setup.fetch({ from: PROXY, host, headers })).toMatchObject({ status: 400 })
      expect(setup.platform.asked).toEqual([])
      expect(await told(STRANGER, headers)).toEqual([STRANGER])
    },
  )

  it('does not let a Connection header take the address away', async () => {
    const headers = { 'X-Forwarded-For': '192.0.2.7', Connection: 'close, X-Forwarded-For' }
    expect(await told(PROXY, headers)).toEqual(['192.0.2.7'])
  })

  it.each([
    [PROXY, 'http', 'http'],
    [PROXY, 'http, https', 'https'],
    [PROXY, 'gopher', 'https'],
    [PROXY, '', 'https'],
    [STRANGER, 'https', 'http'],
  ])('derives, from %s that says %s, the protocol %s', async (from, said, protocol) => {
    const headers = said === '' ? {} : { 'X-Forwarded-Proto': said }
    expect(await told(from, headers, 'x-forwarded-proto')).toEqual([protocol])
  })

  it('passes no other word of a trusted proxy on', async () => {
    const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Port': '1', Forwarded: 'for=6.6.6.6' }
    expect((await setup.echo({ from: PROXY, headers })).headers['x-forwarded-host']).toEqual([ALICE])
    expect(await told(PROXY, headers, 'x-forwarded-port')).toBeUndefined()
    expect(await told(PROXY, headers, 'forwarded')).toBeUndefined()
  })
}
