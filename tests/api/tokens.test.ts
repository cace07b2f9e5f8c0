/** API tokens: what they let a program do on `api.DOMAIN`, and how they end. */
import { type ApiClient, createApiClient, logIn, signUp } from '@matrixos/client'
import { type NewToken, SCOPES, type Scope } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiTokens, auditLog, users } from '../../apps/api/src/db/schema/index.ts'
import { proceduresOf } from '../../apps/api/src/http/testing/procedures.ts'
import { type ApiRouterOptions, createApiRouter } from '../../apps/api/src/router.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

/** Two of them start slowly on a busy machine. */
const START_MS = 120_000
const DAY_MS = 86_400_000

let api: TestApi
/** One that allows little. */
let strict: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
  strict = await startApi({
    pretended: true,
    env: { TOKENS_PER_ACCOUNT: '3', WRONG_TOKENS_PER_NETWORK_PER_MINUTE: '3' },
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
  return { client, authenticator, handle, url: client.hosts.apiOrigin }
}

const order = (scopes: Scope[], more: Partial<NewToken> = {}) => ({ name: 'test', scopes, ...more })

/** A token of these scopes, its record, and a program that has it. */
async function tokenOf({ client, url }: { client: PlatformClient; url: string }, scopes: Scope[]) {
  const { token, view } = await client.trpc.tokens.create.mutate(order(scopes))
  return { token, view, program: createApiClient({ url, token }) }
}

const setOwner = (handle: string, set: Partial<typeof users.$inferInsert>) =>
  api.database.db.update(users).set(set).where(eq(users.handle, handle))

const get = (url: string, path: string, headers: Record<string, string> = {}) =>
  createBareFetch()(`${url}/trpc/${path}`, { headers })
const createBareFetch = () => api.client().browser.fetch

const answerOf = async (program: ApiClient) => (await program.tenants.mine.query()).handle

it('leaves no answer to be kept by anything on the way', async () => {
  const zoe = await person('zoe')
  const { token } = await tokenOf(zoe, ['tenant:read'])
  const byToken = await get(zoe.url, 'tenants.mine', { authorization: `Bearer ${token}` })
  const bySession = await zoe.client.browser.fetch(`${zoe.client.hosts.appOrigin}/trpc/auth.me`, {
    headers: { 'x-mos': '1' },
  })
  for (const { status, headers } of [byToken, bySession])
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
})

it.each(['two\nlines', 'evil\u202etxt'])('is not called %j', async (name) => {
  const named = await person(`named${name.length}`)
  const made = named.client.trpc.tokens.create.mutate({ name, scopes: ['tenant:read'] })
  expect((await refusal(made)).code).toBe('invalid_input')
})

describe('a token', () => {
  it('lets a program see its owner’s computer, and is shown once', async () => {
    const ada = await person('ada')
    const { token, view, program } = await tokenOf(ada, ['tenant:read'])
    expect(await answerOf(program)).toBe('ada')
    expect(view).toMatchObject({ name: 'test', scopes: ['tenant:read'], hint: token.slice(0, 8) })
    const listed = await ada.client.trpc.tokens.list.query()
    expect(JSON.stringify(listed)).not.toContain(token.slice(8))
    const rows = await api.database.db.select().from(apiTokens).where(eq(apiTokens.id, view.id))
    expect(JSON.stringify(rows)).not.toContain(token.slice(8))
  })

  it('controls it where its scope says so', async () => {
    const owner = await person('driver')
    const { program } = await tokenOf(owner, ['tenant:control'])
    const { id: instanceId } = await owner.client.trpc.tenants.mine.query()
    await expect(program.tenants.wake.mutate({ instanceId })).resolves.toMatchObject({ handle: 'driver' })
  })

  it('reaches no computer of anybody else', async () => {
    const [owner, other] = [await person('mine'), await person('theirs')]
    const { program } = await tokenOf(owner, ['tenant:control', 'tenant:read'])
    const { id: instanceId } = await other.client.trpc.tenants.mine.query()
    expect(await refusal(program.tenants.wake.mutate({ instanceId }))).toMatchObject({ status: 404 })
  })

  it('notes its last use, to the minute', async () => {
    const owner = await person('noted')
    const { view, program } = await tokenOf(owner, ['tenant:read'])
    expect(view.lastUsedAt).toBeNull()
    await answerOf(program)
    const used = () => owner.client.trpc.tokens.list.query().then(([first]) => first?.lastUsedAt ?? null)
    await until('its use is saved', used)
  })

  it('lives for 90 days unless asked otherwise, and for a year at most', async () => {
    const { client } = await person('lifetimes')
    const create = (expiry?: NewToken['expiry']) =>
      client.trpc.tokens.create.mutate(order(['tenant:read'], expiry && { expiry }))
    const days = ({ view }: Awaited<ReturnType<typeof create>>) =>
      Math.round((Date.parse(view.expiresAt ?? '') - Date.parse(view.createdAt)) / DAY_MS)
    const inDays = (count: number) => ({ at: new Date(Date.now() + count * DAY_MS).toISOString() })
    expect(days(await create())).toBe(90)
    expect(days(await create({ days: 7 }))).toBe(7)
    expect(days(await create(inDays(100)))).toBe(100)
    expect(await refusal(create(inDays(400)))).toMatchObject({ code: 'invalid_input' })
    expect(await refusal(create(inDays(-1)))).toMatchObject({ code: 'invalid_input' })
  })

  it('is made and revoked in the audit log, by name and never by value', async () => {
    const owner = await person('audited')
    const { token, view } = await tokenOf(owner, ['tenant:read'])
    await owner.client.trpc.tokens.revoke.mutate({ id: view.id })
    const rows = await api.database.db.select().from(auditLog).where(eq(auditLog.target, view.id))
    expect(rows.map(({ action, detail }) => [action, detail.name])).toEqual([
      ['token_created', 'test'],
      ['token_revoked', 'test'],
    ])
    expect(JSON.stringify(rows)).not.toContain(token.slice(8))
  })
})

/** A stream has begun before it can be refused: its first event says so, or is what was asked for. */
async function statusOf(response: Response): Promise<number> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.status
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; ; ) {
    const { done = true, value = '' } = (await reader?.read()) ?? {}
    text += value
    const [, status] = /"httpStatus":(\d+)/.exec(text) ?? []
    if (status !== undefined || done) return Number(status)
    if (/^id: /m.test(text)) return 200
  }
}

describe('a token of one scope', () => {
  /** Only its declarations are looked at. */
  const declared = proceduresOf(createApiRouter({ administration: {}, social: {} } as ApiRouterOptions))

  it.each(SCOPES)('%s is refused all else', async (scope) => {
    const owner = await person(`only-${scope.replace(':', '-')}`)
    await setOwner(owner.handle, { role: 'admin' })
    const { token } = await tokenOf(owner, [scope])
    const { browser } = api.client()
    for (const { path, type, access } of declared) {
      const accept = type === 'subscription' ? 'text/event-stream' : 'application/json'
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept }
      const method = type === 'mutation' ? { method: 'POST', body: '{}' } : {}
      const seen = new AbortController()
      const asked = { ...method, headers, signal: seen.signal }
      const status = await statusOf(await browser.fetch(`${owner.url}/trpc/${path}`, asked))
      if (type === 'subscription') seen.abort()
      const isAllowed = access === scope || access === 'public'
      expect([path, status === 403]).toEqual([path, !isAllowed])
      // What is allowed was let in: at most the empty input is at fault.
      if (isAllowed) expect([200, 400]).toContain(status)
    }
  })

  it('says which one is missing', async () => {
    const { program } = await tokenOf(await person('lacking'), ['tenant:read'])
    const instanceId = (await program.tenants.mine.query()).id
    const refused = await refusal(program.tenants.sleep.mutate({ instanceId }))
    expect(refused).toMatchObject({ status: 403, code: 'forbidden' })
    expect(refused.message).toContain('tenant:control')
    const deletion = await refusal(program.tenants.delete.mutate({ instanceId, handle: 'lacking' }))
    expect(deletion.message).toContain('cannot be done with a token')
  })
})

describe('making one', () => {
  it('wants a fresh proof of identity; revoking does not', async () => {
    const { client } = await person('stale')
    const { view } = await client.trpc.tokens.create.mutate(order(['tenant:read']))
    api.advance(5 * 60_000 + 1)
    expect(await refusal(client.trpc.tokens.create.mutate(order(['tenant:read'])))).toMatchObject({
      code: 'step_up_required',
    })
    await client.trpc.tokens.revoke.mutate({ id: view.id })
    expect(await client.trpc.tokens.list.query()).toEqual([])
  })

  it('gives nobody what their role does not have', async () => {
    const { client } = await person('climber')
    const refused = await refusal(client.trpc.tokens.create.mutate(order(['tenant:read', 'admin:read'])))
    expect(refused).toMatchObject({ code: 'forbidden' })
    expect(await client.trpc.tokens.list.query()).toEqual([])
  })

  it('is limited per account, also when many are made at once', async () => {
    const { client } = await person('many', strict)
    const create = () => client.trpc.tokens.create.mutate(order(['tenant:read']))
    const made = await Promise.allSettled(Array.from({ length: 9 }, create))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    const [first] = await client.trpc.tokens.list.query()
    expect((await refusal(create())).code).toBe('conflict')
    if (first) await client.trpc.tokens.revoke.mutate({ id: first.id })
    await expect(create()).resolves.toBeTruthy()
  })
})

describe('a token that ended', () => {
  it('is refused in the next request once it is revoked, which its owner alone can do', async () => {
    const [owner, other] = [await person('revoker'), await person('meddler')]
    const { view, program } = await tokenOf(owner, ['tenant:read'])
    const refused = await refusal(other.client.trpc.tokens.revoke.mutate({ id: view.id }))
    expect(refused).toMatchObject({ code: 'not_found' })
    expect(await answerOf(program)).toBe('revoker')
    await owner.client.trpc.tokens.revoke.mutate({ id: view.id })
    const after = await refusal(answerOf(program))
    expect(after).toMatchObject({ status: 401, code: 'unauthorized' })
    expect(after.message).toContain('revoked')
  })

  it('is refused when its time is over, and told so', async () => {
    const owner = await person('late')
    const { token } = await owner.client.trpc.tokens.create.mutate(
      order(['tenant:read'], { expiry: { days: 7 } }),
    )
    const program = createApiClient({ url: owner.url, token })
    api.advance(7 * DAY_MS - 10_000)
    expect(await answerOf(program)).toBe('late')
    api.advance(10_001)
    expect((await refusal(answerOf(program))).message).toContain('has expired')
  })

  it('is refused while its owner is suspended, who is told so', async () => {
    const { program } = await tokenOf(await person('suspended'), ['tenant:read'])
    await setOwner('suspended', { suspendedAt: new Date(), suspendedReason: 'Spam.' })
    const refused = await refusal(answerOf(program))
    expect(refused).toMatchObject({ status: 403, code: 'account_suspended' })
    expect(refused.message).toContain('Spam.')
    await setOwner('suspended', { suspendedAt: null, suspendedReason: null })
    expect(await answerOf(program)).toBe('suspended')
  })

  it('allows no more than its owner’s role does now', async () => {
    const owner = await person('demoted')
    await setOwner('demoted', { role: 'admin' })
    const { token } = await tokenOf(owner, ['admin:read', 'tenant:read'])
    await setOwner('demoted', { role: 'member' })
    // Nothing on the api wants that scope yet: the principal is what counts.
    expect(await answerOf(createApiClient({ url: owner.url, token }))).toBe('demoted')
    const instanceId = (await owner.client.trpc.tenants.mine.query()).id
    const refused = createApiClient({ url: owner.url, token }).tenants.wake.mutate({ instanceId })
    expect((await refusal(refused)).code).toBe('forbidden')
  })

  it('goes with its account', async () => {
    const owner = await person('leaver')
    const { program } = await tokenOf(owner, ['tenant:read'])
    const { id: instanceId } = await owner.client.trpc.tenants.mine.query()
    await owner.client.trpc.tenants.delete.mutate({ instanceId, handle: 'leaver' })
    const isRefused = () =>
      answerOf(program).then(
        () => false,
        () => true,
      )
    await until('the account is gone', isRefused)
  })

  it('ends the streams that it holds', async () => {
    const owner = await person('streamer')
    const { view, program } = await tokenOf(owner, ['tenant:read'])
    const { id: instanceId } = await owner.client.trpc.tenants.mine.query()
    const events: string[] = []
    const ended = new Promise<void>((resolve) => {
      const options = {
        onData: () => events.push('data'),
        onComplete: () => resolve(),
        // It resumes, and is refused then.
        onError: () => resolve(),
      }
      program.tenants.watch.subscribe({ instanceId }, options)
    })
    await until('the first state', () => events.length > 0)
    const began = performance.now()
    await owner.client.trpc.tokens.revoke.mutate({ id: view.id })
    await ended
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('a wrong token', () => {
  it.each([
    ['a word', 'Bearer nonsense', 'not an API token'],
    ['another scheme', 'Basic YTpi', 'Bearer mos_'],
    [
      'one that never existed',
      'Bearer mos_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc1hky6g',
      'never existed',
    ],
  ])('that is %s is refused with the way to ask', async (_what, authorization, text) => {
    const { apiOrigin } = api.client().hosts
    const response = await get(apiOrigin, 'tenants.mine', { authorization })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.text()).toContain(text)
  })

  it('is limited per network; one that was good before is not', async () => {
    const owner = await person('neighbour', strict)
    const [used, fresh] = [await tokenOf(owner, ['tenant:read']), await tokenOf(owner, ['tenant:read'])]
    await answerOf(used.program)
    const wrong = createApiClient({ url: owner.url, token: 'mos_wrong' })
    const answers = await Promise.all([1, 2, 3, 4].map(() => refusal(answerOf(wrong))))
    expect(answers.filter(({ code }) => code === 'unauthorized')).toHaveLength(3)
    expect(await refusal(answerOf(wrong))).toMatchObject({ status: 429, retryAfterS: expect.any(Number) })
    expect(await refusal(answerOf(fresh.program))).toMatchObject({ status: 429 })
    expect(await answerOf(used.program)).toBe('neighbour')
  })
})

describe('api.DOMAIN', () => {
  it('ignores cookies and sets none', async () => {
    const { client, url } = await person('cookies')
    const cookie = client.browser.jar.header(new URL(client.hosts.appOrigin))
    expect(cookie).toContain('__Host-mos_sid')
    const response = await get(url, 'tenants.mine', { cookie })
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []])
    const token = (await client.trpc.tokens.create.mutate(order(['tenant:read']))).token
    const known = await get(url, 'tenants.mine', { cookie, authorization: `Bearer ${token}` })
    expect([known.status, known.headers.getSetCookie()]).toEqual([200, []])
  })

  it('is open to pages anywhere', async () => {
    const response = await get(api.client().hosts.apiOrigin, 'stats.public', {
      origin: 'https://example.org',
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('is the only host where a token counts', async () => {
    const { client } = await person('elsewhere')
    const { token } = await client.trpc.tokens.create.mutate(order(['tenant:read']))
    const stranger = api.client()
    const headers = { authorization: `Bearer ${token}`, 'x-mos': '1' }
    const response = await stranger.browser.fetch(`${client.hosts.appOrigin}/trpc/tenants.mine`, { headers })
    expect(response.status).toBe(401)
  })
})

it('lets a person who signed in again make one', async () => {
  const { client, authenticator } = await person('again')
  await client.trpc.auth.logout.mutate()
  await logIn({ client, authenticator })
  await expect(client.trpc.tokens.create.mutate(order(['feed:read']))).resolves.toBeTruthy()
})
