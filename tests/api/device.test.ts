/** Logging a device in by a code that a person approves (RFC 8628). */
import { createApiClient, type DeviceGrant, deviceLogin, logIn, signUp } from '@matrixos/client'
import { DEVICE_GRANT, type Scope } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiTokens, auditLog, deviceLogins, users } from '../../apps/api/src/db/schema/index.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

/** Two of them start slowly on a busy machine. */
const START_MS = 120_000
const MINUTE_MS = 60_000

let api: TestApi
/** One that allows little of everything. */
let strict: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
  const codes = {
    DEVICE_CODES_PER_NETWORK_PER_MINUTE: '6',
    WRONG_USER_CODES_PER_SESSION_PER_QUARTER_HOUR: '3',
  }
  strict = await startApi({
    pretended: true,
    env: { ...codes, TOKENS_PER_ACCOUNT: '1', WRONG_TOKENS_PER_NETWORK_PER_MINUTE: '2' },
  })
}, START_MS)
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await strict[Symbol.asyncDispose]()
})

async function person(handle: string, at = api) {
  const client = at.client()
  const authenticator = createAuthenticator()
  await signUp({ client, authenticator, handle })
  return { client, authenticator }
}

/** What a device sends and reads, without our own client. */
async function post(path: string, form: string | Record<string, string>, at = api, headers = {}) {
  const client = at.client()
  const response = await client.browser.fetch(`${client.hosts.apiOrigin}/device/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'tool/1.0', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  })
  const body: Record<string, string | number> = await response.json()
  return { status: response.status, headers: response.headers, body }
}

const CLIENT = { client_id: 'backup tool' }
async function begin(scope: string = 'tenant:read', at = api) {
  const { body } = await post('code', { ...CLIENT, scope }, at)
  const form = { ...CLIENT, grant_type: DEVICE_GRANT, device_code: String(body.device_code) }
  return { userCode: String(body.user_code), poll: () => post('token', form, at), form }
}
const errorOf = async (answer: ReturnType<typeof post>) => (await answer).body.error

async function approve(client: PlatformClient, userCode: string) {
  await client.trpc.device.inspect.mutate({ userCode })
  return client.trpc.device.approve.mutate({ userCode })
}

describe('a device', () => {
  it('is given codes, where to type the short one, and how often to ask', async () => {
    const { status, headers, body } = await post('code', { ...CLIENT, scope: 'tenant:read' })
    const page = `${api.client().hosts.appOrigin}/device`
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.getSetCookie()).toEqual([])
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: page,
      verification_uri_complete: `${page}?code=${body.user_code}`,
      expires_in: 600,
      interval: 5,
    })
  })

  it('gets a token of what was approved, once', async () => {
    const { client } = await person('approver')
    const { userCode, poll } = await begin('tenant:read quota:read')
    expect(await errorOf(poll())).toBe('authorization_pending')
    await approve(client, userCode)
    const { status, headers, body } = await poll()
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: 'tenant:read quota:read',
      expires_in: 7_776_000,
    })
    const program = createApiClient({ url: client.hosts.apiOrigin, token: String(body.access_token) })
    expect((await program.tenants.mine.query()).handle).toBe('approver')
    expect(await errorOf(poll())).toBe('invalid_grant')
    const [listed, ...more] = await client.trpc.tokens.list.query()
    expect(listed).toMatchObject({ name: 'backup tool', scopes: ['tenant:read', 'quota:read'] })
    expect(more).toEqual([])
  })

  it('gets one token also when it asks many times at once', async () => {
    const { client } = await person('hasty')
    const { userCode, poll } = await begin()
    await approve(client, userCode)
    const answers = await Promise.all(Array.from({ length: 8 }, poll))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await client.trpc.tokens.list.query()).toHaveLength(1)
  })

  it('is told to slow down when it asks too often, and waits longer from then on', async () => {
    const { poll } = await begin()
    expect(await errorOf(poll())).toBe('authorization_pending')
    api.advance(5_000)
    expect(await errorOf(poll())).toBe('authorization_pending')
    api.advance(3_000)
    expect(await errorOf(poll())).toBe('slow_down')
    api.advance(6_000)
    expect(await errorOf(poll())).toBe('slow_down')
    api.advance(15_000)
    expect(await errorOf(poll())).toBe('authorization_pending')
  })

  it('is told when nobody approved in time, and then its code is nobody’s', async () => {
    const { client } = await person('slow')
    const { userCode, poll } = await begin()
    await client.trpc.device.inspect.mutate({ userCode })
    api.advance(10 * MINUTE_MS)
    expect(await errorOf(poll())).toBe('expired_token')
    expect(await refusal(client.trpc.device.deny.mutate({ userCode }))).toMatchObject({ code: 'not_found' })
    expect(await refusal(client.trpc.device.inspect.mutate({ userCode }))).toMatchObject({
      code: 'not_found',
    })
  })

  it('is told when it was refused', async () => {
    const { client } = await person('denier')
    const { userCode, poll } = await begin()
    await client.trpc.device.inspect.mutate({ userCode })
    await client.trpc.device.deny.mutate({ userCode })
    expect(await errorOf(poll())).toBe('access_denied')
    expect((await refusal(client.trpc.device.approve.mutate({ userCode }))).code).toBe('not_found')
    expect(await client.trpc.tokens.list.query()).toEqual([])
  })

  it('gets nothing for an account that is gone, or has too many tokens by then', async () => {
    const { client } = await person('full', strict)
    const { userCode, poll } = await begin('tenant:read', strict)
    await approve(client, userCode)
    await client.trpc.tokens.create.mutate({ name: 'another', scopes: ['tenant:read'] })
    expect(await errorOf(poll())).toBe('access_denied')
    const later = await begin('tenant:read', strict)
    await client.trpc.device.inspect.mutate({ userCode: later.userCode })
    const approval = client.trpc.device.approve.mutate({ userCode: later.userCode })
    expect((await refusal(approval)).code).toBe('conflict')
  })

  it('gets no more than the account has, and nothing where that is nothing', async () => {
    const { client } = await person('modest')
    const wide = await begin('tenant:read admin:write')
    const shown = await client.trpc.device.inspect.mutate({ userCode: wide.userCode })
    expect(shown).toMatchObject({ scopes: ['tenant:read'], refusedScopes: ['admin:write'] })
    await client.trpc.device.approve.mutate({ userCode: wide.userCode })
    expect((await wide.poll()).body.scope).toBe('tenant:read')
    const [row] = await api.database.db.select().from(apiTokens).orderBy(desc(apiTokens.createdAt)).limit(1)
    expect(row?.scopes).toEqual(['tenant:read'])
    const high = await begin('admin:write')
    await client.trpc.device.inspect.mutate({ userCode: high.userCode })
    const approval = client.trpc.device.approve.mutate({ userCode: high.userCode })
    expect((await refusal(approval)).code).toBe('forbidden')
  })

  it('gets nothing for an account that was suspended since', async () => {
    const { client } = await person('locked')
    const { userCode, poll } = await begin()
    await approve(client, userCode)
    const set = { suspendedAt: new Date() }
    await api.database.db.update(users).set(set).where(eq(users.handle, 'locked'))
    expect(await errorOf(poll())).toBe('access_denied')
    const rows = await api.database.db.select().from(apiTokens).where(eq(apiTokens.name, CLIENT.client_id))
    const [owner] = await api.database.db.select().from(users).where(eq(users.handle, 'locked'))
    expect(rows.filter(({ userId }) => userId === owner?.id)).toEqual([])
  })

  it('gets nothing when the session that approved has ended', async () => {
    const { client, authenticator } = await person('robbed')
    const { userCode, poll } = await begin()
    await approve(client, userCode)
    await client.trpc.auth.logoutEverywhere.mutate()
    expect(await errorOf(poll())).toBe('access_denied')
    await logIn({ client, authenticator })
    expect(await client.trpc.tokens.list.query()).toEqual([])
    expect(await errorOf(poll())).toBe('invalid_grant')
  })

  it('gets what the role allows when it asks, not when it was approved', async () => {
    const { client } = await person('fallen')
    const setRole = (role: 'admin' | 'member') =>
      api.database.db.update(users).set({ role }).where(eq(users.handle, 'fallen'))
    await setRole('admin')
    const { userCode, poll } = await begin('tenant:read admin:write')
    await approve(client, userCode)
    await setRole('member')
    expect((await poll()).body.scope).toBe('tenant:read')
  })
})

describe('a request of a device', () => {
  const scope = 'tenant:read'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const token = { ...CLIENT, grant_type: DEVICE_GRANT, device_code: 'x'.repeat(43) }
  it.each<[string, string, string | Record<string, string>, Record<string, string>, string]>([
    ['without a name', 'code', { scope }, form, 'invalid_request'],
    ['with a name that hides', 'code', { client_id: 'ok\u202egpj', scope }, form, 'invalid_request'],
    ['with a blank name', 'code', { client_id: '  ', scope }, form, 'invalid_request'],
    ['with a parameter twice', 'code', 'client_id=a&client_id=b&scope=tenant:read', form, 'invalid_request'],
    ['as JSON', 'code', '{}', { 'content-type': 'application/json' }, 'invalid_request'],
    ['without a scope', 'code', CLIENT, form, 'invalid_scope'],
    ['with a scope that is none', 'code', { ...CLIENT, scope: 'tenant:read root' }, form, 'invalid_scope'],
    ['without a grant type', 'token', CLIENT, form, 'invalid_request'],
    [
      'with another grant type',
      'token',
      { ...token, grant_type: 'password' },
      form,
      'unsupported_grant_type',
    ],
    ['without a device code', 'token', { ...CLIENT, grant_type: DEVICE_GRANT }, form, 'invalid_request'],
    ['with a wrong device code', 'token', token, form, 'invalid_grant'],
  ])('%s is refused in the words of the RFC', async (_what, path, body, headers, error) => {
    const answer = await post(path, body, api, headers)
    expect([answer.status, answer.body.error]).toEqual([400, error])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('with another client’s name gets nothing', async () => {
    const { client } = await person('namesake')
    const { userCode, form: mine } = await begin()
    await approve(client, userCode)
    expect(await errorOf(post('token', { ...mine, client_id: 'other' }))).toBe('invalid_grant')
    expect((await post('token', mine)).status).toBe(200)
  })
})

describe('the page that approves', () => {
  it('is told what is asked for, by whom, and from where', async () => {
    const { client } = await person('reader')
    const { userCode } = await begin('tenant:control')
    // In whatever form somebody types it.
    const typed = userCode.toLowerCase().replace('-', ' ')
    const shown = await client.trpc.device.inspect.mutate({ userCode: typed })
    expect(shown).toMatchObject({
      ...{ userCode, clientName: 'backup tool', address: 'local', userAgent: 'tool/1.0' },
      ...{ scopes: ['tenant:control'], refusedScopes: [], decision: null },
    })
  })

  it('belongs to the session that saw the code first', async () => {
    const [first, second] = [await person('quick'), await person('later')]
    const { userCode, poll } = await begin()
    await first.client.trpc.device.inspect.mutate({ userCode })
    // Another session of the same person is another session too.
    const again = api.client()
    await logIn({ client: again, authenticator: first.authenticator })
    for (const { trpc } of [second.client, again]) {
      const calls = [trpc.device.inspect, trpc.device.deny, trpc.device.approve]
      for (const call of calls)
        expect(await refusal(call.mutate({ userCode }))).toMatchObject({ status: 404 })
    }
    await first.client.trpc.device.inspect.mutate({ userCode })
    await first.client.trpc.device.approve.mutate({ userCode })
    expect((await poll()).status).toBe(200)
  })

  it('goes to one of two sessions that look at once', async () => {
    const people = await Promise.all(['twin-a', 'twin-b'].map((handle) => person(handle)))
    const { userCode } = await begin()
    const looks = people.map(({ client }) => client.trpc.device.inspect.mutate({ userCode }))
    const settled = await Promise.allSettled(looks)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('approves nothing that nobody has looked at', async () => {
    const { client } = await person('blind')
    const { userCode, poll } = await begin()
    expect((await refusal(client.trpc.device.approve.mutate({ userCode }))).code).toBe('not_found')
    expect(await errorOf(poll())).toBe('authorization_pending')
  })

  it('wants a fresh proof to approve, and none to refuse', async () => {
    const { client } = await person('old-proof')
    api.advance(6 * MINUTE_MS)
    const { userCode, poll } = await begin()
    await client.trpc.device.inspect.mutate({ userCode })
    expect((await refusal(client.trpc.device.approve.mutate({ userCode }))).code).toBe('step_up_required')
    await client.trpc.device.deny.mutate({ userCode })
    expect(await errorOf(poll())).toBe('access_denied')
  })

  it('lets one session guess a few times, and not more at once', async () => {
    const { client } = await person('guesser', strict)
    const { userCode } = await begin('tenant:read', strict)
    // Right ones do not count.
    for (let i = 0; i < 5; i++) await client.trpc.device.inspect.mutate({ userCode })
    const guess = () => refusal(client.trpc.device.inspect.mutate({ userCode: 'BBBB-BBBB' }))
    const answers = await Promise.all(Array.from({ length: 10 }, guess))
    expect(answers.filter(({ code }) => code === 'not_found')).toHaveLength(3)
    expect(answers.filter(({ code }) => code === 'too_many_requests')).toHaveLength(7)
    const other = await person('other-session', strict)
    await expect(
      refusal(other.client.trpc.device.inspect.mutate({ userCode: 'BBBB-BBBB' })),
    ).resolves.toMatchObject({
      code: 'not_found',
    })
  })

  it('is in the audit log with what was decided, and the token that came of it', async () => {
    const { client } = await person('on-record')
    const { userCode, poll } = await begin()
    await approve(client, userCode)
    const [login] = await api.database.db
      .select()
      .from(deviceLogins)
      .where(eq(deviceLogins.userCode, userCode.replace('-', '')))
    const granted = await poll()
    const rows = await api.database.db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(2)
    expect(rows.map(({ action }) => action)).toEqual(['token_created', 'device_approved'])
    expect(rows[0]?.detail).toMatchObject({ name: 'backup tool', device: login?.id })
    expect(JSON.stringify([rows, login])).not.toContain(String(granted.body.access_token).slice(8))
  })
})

describe('a network', () => {
  const scope = 'tenant:read'
  const token = { ...CLIENT, grant_type: DEVICE_GRANT, device_code: 'x'.repeat(43) }
  it('may begin and poll only so often', async () => {
    const asked = await Promise.all(
      Array.from({ length: 7 }, () => post('code', { ...CLIENT, scope }, strict)),
    )
    const refused = asked.find(({ status }) => status !== 200)
    expect([refused?.status, refused?.body.error]).toEqual([429, 'slow_down'])
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    const guess = () => post('token', token, strict)
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([400, 400, 429])
  })
})

describe('our own client', () => {
  it('waits as it is told, and goes on once somebody approved', async () => {
    const { client } = await person('waiter')
    const waits: number[] = []
    let code = ''
    const grant: DeviceGrant = await deviceLogin({
      url: client.hosts.apiOrigin,
      clientName: 'test',
      scopes: ['tenant:read'] satisfies Scope[],
      onCode: ({ userCode }) => {
        code = userCode
      },
      wait: async (ms) => {
        waits.push(ms)
        if (waits.length === 3) await approve(client, code)
      },
    })
    // No time passes between its requests, so the second is told to slow down.
    expect(waits).toEqual([5_000, 5_000, 10_000])
    expect(grant).toMatchObject({ scopes: ['tenant:read'], expiresInS: 7_776_000 })
  })

  it('stops when it is refused', async () => {
    const { client } = await person('refuser')
    const codes: string[] = []
    const login = deviceLogin({
      ...{ url: client.hosts.apiOrigin, clientName: 'test', scopes: ['tenant:read'] satisfies Scope[] },
      onCode: ({ userCode }) => void codes.push(userCode),
      wait: async () => {
        const userCode = codes[0] ?? ''
        await client.trpc.device.inspect.mutate({ userCode })
        await client.trpc.device.deny.mutate({ userCode })
      },
    })
    await expect(login).rejects.toMatchObject({ name: 'DeviceLoginError', code: 'access_denied' })
  })
})
