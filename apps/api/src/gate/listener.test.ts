import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CHECK_REQUEST_HEADERS, GATE_PATH, hostsOf, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { COOKIES } from '../http/cookies.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createAppTokens } from './app-token.ts'
import { createCheckResponses } from './check-response.ts'
import type { HandOff } from './hand-off.ts'
import { createGateListener } from './listener.ts'
import { createViewerOf } from './viewer.ts'

const unused = () => {
  throw new Error('Not part of this test.')
}

/** As an edge asks. */
const QUESTION = { [CHECK_REQUEST_HEADERS.upgrade]: '' }

const tokens = createAppTokens({ platformSecret: 'p'.repeat(43), clock: systemClock })

/** A gate whose hand-off does as given. */
async function setUp(
  callback: HandOff['callback'],
  holdMs = 30_000,
  more: Partial<Parameters<typeof createGateListener>[0]> = {},
) {
  const listener = createGateListener({
    hosts: hostsOf('http://localhost'),
    shares: { of: () => undefined },
    publications: { of: () => undefined },
    gate: unused,
    handOff: { callback },
    appLaunch: unused,
    previewPicture: unused,
    viewerOf: async () => null,
    responses: createCheckResponses({
      hosts: hostsOf('http://localhost'),
      clock: systemClock,
      lineOf: () => null,
    }),
    sessions: { stream: unused },
    cache: { get: unused, ofHandle: unused },
    tenants: { rows: unused },
    lineOf: () => null,
    streams: { deadline: unused },
    log: pino({ level: 'silent' }),
    holdMs,
    ...more,
  })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    server,
    port,
    spend: () => fetch(`http://127.0.0.1:${port}/.mos/cb?ticket=t&rt=/`, { redirect: 'manual' }),
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

it('waits no longer than the hold for a database that never says whose ticket it is', async () => {
  using gate = await setUp(() => new Promise(() => undefined), 10)
  const answer = await gate.spend()
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toMatchObject({ code: 'database_unavailable' })
})

it('answers questions of an edge alone, whose header no client can send', async () => {
  let asked = 0
  const answered = { status: 204, headers: {}, body: '' }
  const gate = async () => {
    asked++
    return answered
  }
  using it = await setUp(unused, 10, { gate })
  const ask = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${it.port}${GATE_PATH}`, { headers })
  expect((await ask({ [CHECK_REQUEST_HEADERS.uri]: '/' })).status).toBe(404)
  expect(asked).toBe(0)
  expect((await ask(QUESTION)).status).toBe(204)
})

it('says that the link no longer works for a refused ticket only', async () => {
  using spent = await setUp(() => Promise.reject(new AppError('ticket_invalid', 'Used already.')))
  const refused = await spent.spend()
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('This link no longer works')
})

it.each([
  ['dashboard', 'http://app.localhost'],
  ['credits', 'http://app.localhost/settings/credits'],
  ['more-credits', 'http://app.localhost/settings/credits?open=request'],
  ['own-key', 'http://app.localhost/settings/credits?open=key'],
])("leads from /.mos/%s to the platform's own page", async (name, location) => {
  using gate = await setUp(unused)
  const answer = await fetch(`http://127.0.0.1:${gate.port}/.mos/${name}`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, location])
})

it('leads from /.mos/publish to the page that publishes, and says whose computer it is', async () => {
  using gate = await setUp(unused)
  const { headers } = await request(`http://127.0.0.1:${gate.port}/.mos/publish?app=snake&handle=eve`, {
    headers: { host: 'ada.localhost' },
  })
  expect(headers.location).toBe('http://app.localhost/publish?app=snake&handle=ada')
})

it('keeps no stream open for a client that left while its session was looked up', async () => {
  const [id, userId] = [newId('ins', systemClock), newId('usr', systemClock)]
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()]
  const opened = Promise.withResolvers<AbortSignal>()
  using gate = await setUp(unused, 0, {
    cache: { get: () => ({ id, userId }) as InstanceRow, ofHandle: unused },
    viewerOf: createViewerOf({
      tokens,
      sessions: {
        mayEnter: () => {
          asked.resolve()
          return answer.promise
        },
      },
    }),
    sessions: {
      stream: (_id, gone) => {
        opened.resolve(gone)
        return gone
      },
    },
    streams: { deadline: () => new AbortController().signal },
    tenants: { rows: async function* () {} },
  })
  const grant = { userId, sessionId: newId('ses', systemClock), instanceId: id, handle: 'ada', app: null }
  const cookie = `${COOKIES.app.name}=${await tokens.issue(grant, 'ada.localhost')}`
  const arrived = once(gate.server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  const headers = { host: 'ada.localhost', cookie }
  const sent = get({ host: '127.0.0.1', port: gate.port, path: '/.mos/progress', headers })
  sent.on('error', () => undefined)
  const [, response] = await arrived
  await asked.promise
  const left = once(response, 'close')
  sent.destroy()
  await left
  answer.resolve(true)
  expect((await opened.promise).aborted).toBe(true)
})

describe('with its database away', () => {
  const away = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
  const BROWSER = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const ask = async (port: number, path: string, headers: Record<string, string>) => {
    const sent = get({
      host: '127.0.0.1',
      port,
      path,
      headers: { host: 'ada.localhost', ...QUESTION, ...headers },
    })
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const body = (await response.toArray()).join('')
    return { status: response.statusCode, headers: response.headers, body }
  }

  it.each(['/gate', '/.mos/cb?ticket=t'])(
    'shows a person a page at %s that loads itself again',
    async (path) => {
      using gate = await setUp(away, 30_000, { gate: away })
      const { status, headers, body } = await ask(gate.port, path, BROWSER)
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(body).toContain('<h1>Temporarily unavailable</h1>')
      const nonce = /<script nonce="([^"]+)">[^<]*location\.reload\(\)/.exec(body)?.[1]
      expect(headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`)
    },
  )

  it('tells a program in JSON', async () => {
    using gate = await setUp(away, 30_000, { gate: away })
    const { status, headers, body } = await ask(gate.port, '/gate', { accept: '*/*' })
    expect([status, headers['retry-after']]).toEqual([503, '5'])
    expect(JSON.parse(body)).toMatchObject({ code: 'database_unavailable' })
  })
})

it('shows a person a page that stays when a retry by itself would not help', async () => {
  const busy = new AppError('too_many_requests', 'Too many.', { retryAfterS: 7 })
  using gate = await setUp(unused, 30_000, { gate: () => Promise.reject(busy) })
  const headers = { ...QUESTION, accept: 'text/html', 'x-forwarded-for': '203.0.113.9' }
  const sent = get({ host: '127.0.0.1', port: gate.port, path: '/gate', headers })
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const body = (await response.toArray()).join('')
  expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '7'])
  expect(body).toContain('Too many. Try again in 7 seconds.')
  expect(body).not.toContain('<script')
})
