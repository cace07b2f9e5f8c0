/** Who a pass lets by, in a real Caddy, and everybody whom it does not. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PASS_COOKIE, PASS_FOLDER, PASS_HEADERS, passValue } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startCaddyEdge } from '../../testing/caddy-edge.ts'
import type { Ask } from '../../testing/client.ts'
import { pass } from '../../testing/gate.ts'
import { INSTANCE_COOKIES } from '../../testing/instance.ts'
import { freePort, rawExchange } from '../../testing/servers.ts'
import { ALICE, type Setup, setUp } from '../../testing/setup.ts'

const USER_ID = `usr_${'0'.repeat(26)}`
const SECRET = 'a'.repeat(43)
const OWN = { 'sec-fetch-site': 'same-origin' }
const SPOOFED = {
  ...{ 'X-Mos-User': 'eve', X_Mos_User: 'eve', 'X-Mos-Role': 'eve-viewer', 'X-Mos-Permissions': 'eve-notes' },
  ...{ 'X-Mos-App': 'eve', 'X-Platform-User-Id': 'eve', 'X-Platform-Verified': 'eve' },
  ...{ Authorization: 'Bearer eve', 'X-Forwarded-For': '6.6.6.6', [PASS_HEADERS.wanted]: 'eve' },
}

describeReal(['caddy'], 'passes', () => {
  let setup: Setup
  let value: string

  beforeAll(async () => {
    setup = await setUp((options) =>
      startCaddyEdge({ ...options, passFolder: join(options.runDir, PASS_FOLDER) }, process.env),
    )
  })
  afterAll(() => setup?.[Symbol.asyncDispose]())
  beforeEach(() => {
    const { platform } = setup
    rmSync(join(platform.runDir, PASS_FOLDER), { recursive: true, force: true })
    platform.asked.length = 0
    platform.decide = () => ({ status: 401, body: 'The gate.' })
    value = lay(ALICE, valueAt(setup.instance.address))
  })

  function valueAt(address: string, secret = SECRET): string {
    const [host = '', port] = address.split(':')
    return passValue({ secret, handle: 'alice', userId: USER_ID, host, port: Number(port) }) ?? ''
  }

  function lay(host: string, laid: string): string {
    const folder = join(setup.platform.runDir, PASS_FOLDER, host)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, laid), '')
    return laid
  }

  const cookieOf = (held: string) => `${PASS_COOKIE}=${held}`
  const withPass = ({ headers, ...ask }: Partial<Ask> = {}): Ask => ({
    host: ALICE,
    ...ask,
    headers: { ...OWN, cookie: cookieOf(value), ...headers },
  })

  it.each(['same-origin', 'none'])('leads a request that comes %s straight to the instance', async (site) => {
    const { headers, url } = await setup.echo(
      withPass({ path: '/api/x?a=1?b', headers: { 'sec-fetch-site': site } }),
    )
    expect(url).toBe('/api/x?a=1?b')
    expect(headers).toMatchObject({
      host: [ALICE],
      'x-mos-user': ['alice'],
      'x-mos-role': ['owner'],
      'x-platform-user-id': [USER_ID],
      'x-forwarded-for': ['127.0.0.1'],
    })
    expect(setup.platform.asked).toEqual([])
  })

  it.each(['keep-alive', 'close, X-Mos-User', 'X-Mos-Role, X-Platform-User-Id, X-Forwarded-For, Cookie'])(
    'says to the instance what the gate would say, with Connection: %s',
    async (connection) => {
      const ask = withPass({
        headers: { ...SPOOFED, connection, cookie: `own=1; ${cookieOf(value)}; __Host-mos_app=a; other=2` },
      })
      const byPass = await setup.echo(ask)
      expect(setup.platform.asked).toEqual([])
      setup.platform.decide = () =>
        pass(setup.instance.address, { user: 'alice', role: 'owner', platformUserId: USER_ID })
      rmSync(join(setup.platform.runDir, PASS_FOLDER), { recursive: true })
      expect((await setup.echo(ask)).headers).toEqual(byPass.headers)
      expect(setup.platform.asked).toHaveLength(1)
      expect(JSON.stringify(byPass.headers)).not.toMatch(/eve|6\.6\.6\.6|__Host/)
      if (!connection.includes('Cookie')) expect(byPass.headers.cookie).toEqual(['own=1; other=2'])
    },
  )

  const ATTACKS: Record<string, () => Ask> = {
    'another host': () => withPass({ host: 'bob.localhost' }),
    'the host of an app': () => withPass({ host: 'app--alice.localhost' }),
    'the host in capitals': () => withPass({ host: 'ALICE.localhost' }),
    'the host as a path': () => withPass({ host: `.` }),
    'another person in it': () => held(value.replace('.alice.', '.mallory.')),
    'another id in it': () => held(value.replace(USER_ID, `usr_${'1'.repeat(26)}`)),
    'another address in it': () => held(value.replace('127.0.0.1', '127.0.0.2')),
    'a star for its secret': () => held(value.replace(SECRET, '*')),
    'question marks for its secret': () => held(value.replace(SECRET, '?'.repeat(43))),
    'brackets for its secret': () => held(value.replace(SECRET, `[a]${'a'.repeat(40)}`)),
    'a way back in it': () => held(`../${ALICE}/${value}`),
    'a way back, encoded': () => held(`..%2f${ALICE}%2f${value}`),
    'an encoded letter': () => held(value.replace(/^a/, '%61')),
    'a placeholder': () => held(`{http.request.header.X-Value}`, { 'x-value': value }),
    'quotes around it': () => held(`"${value}"x`),
    'something behind it': () => held(`${value}0`),
    'another one before it': () => ({
      ...withPass(),
      headers: { ...OWN, cookie: `${cookieOf(`b${value.slice(1)}`)}; ${cookieOf(value)}` },
    }),
    'none of it': () => withPass({ headers: { cookie: '__Host-mos_app=a' } }),
    'a page of the same site': () => withPass({ headers: { 'sec-fetch-site': 'same-site' } }),
    'a page of another site': () => withPass({ headers: { 'sec-fetch-site': 'cross-site' } }),
    'no word of where it comes from': () => ({ host: ALICE, headers: { cookie: cookieOf(value) } }),
  }
  const held = (other: string, more: Record<string, string> = {}) =>
    withPass({ headers: { cookie: cookieOf(other), ...more } })

  it.each(Object.keys(ATTACKS))('asks the gate about %s', async (name) => {
    const ask = ATTACKS[name]?.() ?? withPass()
    const reply = await setup.fetch(ask)
    // What is no instance's host is nobody's.
    expect(reply.status).toBe(ask.host === '.' ? 404 : 401)
    expect(setup.platform.asked).toHaveLength(ask.host === '.' ? 0 : 1)
  })

  it('asks the gate once the file is gone, and about a folder of its name', async () => {
    expect((await setup.fetch(withPass())).status).toBe(200)
    const path = join(setup.platform.runDir, PASS_FOLDER, ALICE, value)
    rmSync(path)
    expect((await setup.fetch(withPass())).status).toBe(401)
    mkdirSync(path)
    expect((await setup.fetch(withPass())).status).toBe(401)
  })

  it('asks the gate about WebSockets, and leaves it its own paths', async () => {
    await expect(setup.socket({ ...OWN, cookie: cookieOf(value) })).rejects.toThrow('status 401')
    const reply = await setup.fetch(withPass({ path: '/.mos/progress' }))
    expect(JSON.parse(reply.text)).toMatchObject({ service: 'gate' })
  })

  it('holds instances to what they may not set, and says who may frame them', async () => {
    const reply = await setup.fetch(withPass({ path: '/cookies' }))
    expect(reply.headers['set-cookie']?.filter((cookie) => cookie !== '')).toEqual(INSTANCE_COOKIES.kept)
    expect(reply.headers).not.toHaveProperty('clear-site-data')
    expect(String(reply.headers['content-security-policy'])).toContain(
      `frame-ancestors 'self' http://app.localhost:${setup.port}`,
    )
    expect(setup.platform.asked).toEqual([])
  })

  it('passes a body of 10 MB whole, and refuses what two servers could read in two ways', async () => {
    const body = randomBytes(10_000_000)
    const echo = await setup.echo(withPass({ method: 'POST', body }))
    expect(echo.sha256).toBe(createHash('sha256').update(body).digest('hex'))
    const lines = ['GET /ws HTTP/1.1', `Host: ${ALICE}`, `Cookie: ${cookieOf(value)}`, 'Connection: Upgrade']
    const head = [...lines, 'Sec-Fetch-Site: none', 'Upgrade: websocket', 'Content-Length: 40']
    const text = await rawExchange(setup.port, `${head.join('\r\n')}\r\n\r\n`, (got) => got.includes('\n'))
    expect(text).toContain('400')
  })

  it('counts what is open', async () => {
    const response = await setup.open(withPass({ path: '/sse' }))
    const counts = await setup.edge.inFlight()
    expect(counts[setup.instance.address]).toBeGreaterThanOrEqual(1)
    response.destroy()
  })

  it.each(['GET', 'POST'])('asks the gate where nobody answers a %s, body and all', async (method) => {
    const held = lay(ALICE, valueAt(`127.0.0.1:${await freePort()}`))
    setup.platform.decide = () => pass(setup.instance.address, { user: 'alice' })
    const body = method === 'POST' ? randomBytes(1_000_000) : Buffer.alloc(0)
    const echo = await setup.echo(withPass({ method, body, headers: { cookie: cookieOf(held) } }))
    expect(echo).toMatchObject({ method, bytes: body.length })
    expect(setup.platform.asked).toHaveLength(1)
  })

  it('gives the client the gate’s cookie, and lets no instance say one', async () => {
    const cookie = `${cookieOf(value)}; Path=/; Secure; HttpOnly`
    setup.platform.decide = ({ headers }) => {
      expect(headers[PASS_HEADERS.wanted]).toEqual(['1'])
      const answer = pass(setup.instance.address, { user: 'alice' })
      return { ...answer, headers: { ...answer.headers, [PASS_HEADERS.cookie]: cookie } }
    }
    const reply = await setup.fetch({ host: ALICE, path: '/cookies', headers: SPOOFED })
    expect(reply.headers['set-cookie']?.filter((line) => line !== '')).toEqual([
      ...INSTANCE_COOKIES.kept,
      cookie,
    ])
    expect(reply.headers).not.toHaveProperty(PASS_HEADERS.cookie)
    setup.platform.decide = () => pass(setup.instance.address, { user: 'alice' })
    const [without] = [await setup.fetch({ host: ALICE, path: '/pass-header' })]
    expect(without?.headers).not.toHaveProperty('set-cookie')
  })
})
