/** What one visitor, one session and one network may ask for, and what they are told beyond that. */

import { logIn, signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const LIMITED = { code: 'too_many_requests', status: 429, retryAfterS: expect.any(Number) }
/** A test that starts an api of its own takes long on a busy machine. */
const OWN_API_MS = 120_000
const password = 'a long enough phrase'

const newcomer = (client: PlatformClient, handle: string) =>
  signUp({ client, authenticator: createAuthenticator(), handle })

/** The first half of a sign-up; the answer is the second. */
async function _begin(client: PlatformClient, handle: string) {
  const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle })
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  return () => client.trpc.auth.registerPasskey.mutate({ challengeId, response })
}

describe('limits', () => {
  let api: TestApi
  beforeAll(async () => {
    const small = {
      PASSWORD_ATTEMPTS_PER_QUARTER_HOUR: '3',
      PASSWORD_HASHES_AT_ONCE: '1',
      PASSWORD_HASHES_WAITING: '9',
      SESSIONS_PER_ACCOUNT: '3',
      STATS_PER_NETWORK_PER_MINUTE: '3',
      UNKNOWN_HOSTS_PER_NETWORK_PER_MINUTE: '3',
    }
    api = await startApi({ pretended: true, env: { AUTH_ATTEMPTS_PER_MINUTE: '1000', ...small } })
  })
  afterAll(() => api?.[Symbol.asyncDispose]())

  it('count password attempts by network, and say in the headers when to try again', async () => {
    const guess = (address: string) => {
      const client = api.client()
      return client.browser.fetch(`${client.hosts.appOrigin}/trpc/auth.loginTotp`, {
        method: 'POST',
        body: JSON.stringify({ handle: 'nobody', password, code: '123456' }),
        headers: { 'content-type': 'application/json', 'x-mos': '1', 'x-forwarded-for': address },
      })
    }
    const statuses = []
    for (let host = 1; host <= 3; host++) statuses.push((await guess(`2001:db8:1:2::${host}`)).status)
    expect(statuses).toEqual([401, 401, 401])
    const refused = await guess('2001:db8:1:2::4')
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await guess('2001:db8:1:3::1')).status).toBe(401)
  })

  it('bound the passwords that are checked, while signed-in people are served', async () => {
    const signedIn = api.client()
    await newcomer(signedIn, 'worker')
    const codes: string[] = []
    const attempt = async (index: number) => {
      const input = { handle: `guess${index}`, password, code: '123456' }
      const said = await refusal(api.client().trpc.auth.loginTotp.mutate(input))
      codes.push(said.code)
      return said
    }
    const attempts = Array.from({ length: 120 }, (_, index) => attempt(index))
    await signedIn.trpc.auth.me.query()
    const checkedBefore = codes.filter((code) => code === 'credential_refused').length
    const said = await Promise.all(attempts)
    const busy = said.find(({ code }) => code === 'too_many_requests')
    expect(busy).toMatchObject({ ...LIMITED, message: 'Too many people are signing in right now.' })
    expect(checkedBefore).toBeLessThan(60)
  })

  it('end the session that was unused for longest when an account has too many', async () => {
    const authenticator = createAuthenticator()
    const clients = Array.from({ length: 5 }, () => api.client())
    for (const [index, client] of clients.entries()) {
      api.advance(1_000)
      if (index === 0) await signUp({ client, authenticator, handle: 'many' })
      else await logIn({ client, authenticator })
    }
    const isSignedIn = ({ trpc }: PlatformClient) =>
      trpc.auth.me.query().then(
        () => true,
        () => false,
      )
    expect(await Promise.all(clients.map(isSignedIn))).toEqual([false, false, true, true, true])
    const entries = await api.database.db.query.auditLog.findMany({
      where: (rows, { eq }) => eq(rows.action, 'session_displaced'),
    })
    expect(entries).toHaveLength(2)
  })

  it('keep a session that is in use when an account has too many', async () => {
    const authenticator = createAuthenticator()
    const used = api.client()
    await signUp({ client: used, authenticator, handle: 'inuse' })
    const { handle } = await used.trpc.auth.me.query()
    const [user] = await api.database.db.query.users.findMany({
      where: (row, { eq }) => eq(row.handle, handle),
    })
    const uses = async () => {
      const rows = await api.database.db.query.sessions.findMany({
        where: (row, { eq }) => eq(row.userId, user?.id ?? 'usr_'),
      })
      return rows.map((row) => row.lastUsedAt.getTime())
    }
    const before = Math.max(...(await uses()))
    for (let i = 0; i < 2; i++) await logIn({ client: api.client(), authenticator })
    api.advance(61_000)
    await used.trpc.auth.me.query()
    // Use is written down beside the request that it was seen at.
    const isSaved = async () => (await uses()).some((at) => at >= before + 61_000)
    await expect.poll(isSaved, { timeout: 10_000 }).toBe(true)
    await logIn({ client: api.client(), authenticator })
    expect((await used.trpc.auth.me.query()).handle).toBe(handle)
  })

  it('hold for public figures, per network and on both hosts together', async () => {
    const client = api.client()
    const stats = (origin: string, address: string) =>
      client.browser.fetch(`${origin}/trpc/stats.public`, {
        headers: { 'x-mos': '1', 'x-forwarded-for': address },
      })
    const { apiOrigin, appOrigin } = client.hosts
    const statuses = []
    for (const origin of [apiOrigin, appOrigin, apiOrigin, apiOrigin])
      statuses.push((await stats(origin, '192.0.2.7')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    expect((await stats(apiOrigin, '192.0.2.8')).status).toBe(200)
  })

  it('hold for pages of one unknown host', async () => {
    const page = () => api.ask('nobody.localhost', { 'x-forwarded-for': '192.0.2.10', accept: 'text/html' })
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await page()).status)
    expect(statuses).toEqual([404, 404, 404, 429])
  })

  it('hold for look-ups of unknown hosts, while known ones are served', async () => {
    await newcomer(api.client(), 'known')
    const ask = (handle: string, page = {}) =>
      api.ask(`${handle}.localhost`, { 'x-forwarded-for': '192.0.2.9', ...page })
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await ask(`unknown${i}`)).status)
    expect(statuses).toEqual([404, 404, 404, 429])
    const page = await ask('unknown5', { accept: 'text/html' })
    expect([page.status, page.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8'])
    expect((await ask('known')).status).toBe(401)
    // Whoever signed up a moment ago is known at once, whoever asked for their address before.
    await newcomer(api.client(), 'unknown2')
    expect((await ask('unknown2')).status).toBe(401)
  })
})

describe('changes in a minute', () => {
  it(
    'are limited for one session, in one request or many, and for no other of the person',
    async () => {
      await using api = await startApi({ pretended: true, env: { CHANGES_PER_SESSION_PER_MINUTE: '5' } })
      const client = api.client()
      const authenticator = createAuthenticator()
      await signUp({ client, authenticator, handle: 'busy' })
      const rename = (at: number) => client.trpc.auth.profile.update.mutate({ displayName: `Name ${at}` })
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => rename(at)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
      expect(await refusal(rename(20))).toMatchObject(LIMITED)
      await expect(client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'busy' })
      const other = api.client()
      await logIn({ client: other, authenticator })
      await expect(other.trpc.auth.sessions.revokeOthers.mutate()).resolves.toEqual({ sessions: 1 })
    },
    OWN_API_MS,
  )
})
