/** Signing in with a token as the password, on a database. */
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { matrixAccounts, matrixLogins, users } from '../db/schema/index.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import { createSeal } from '../seal.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createAccountStore } from './accounts-store.ts'
import { createLoginStore } from './logins-store.ts'
import { createPasswordLogin } from './password-login.ts'
import { createMemoryHomeserver, type MemoryHomeserver } from './testing/memory-homeserver.ts'

const TOKEN = 'syt_token'
const seal = createSeal({ platformSecret: 'p'.repeat(43), purpose: 'matrix-token' })
let sleepers: Awaited<ReturnType<typeof openSleepers>>
let homeserver: MemoryHomeserver
let localpart: string
let app: ReturnType<typeof createPasswordLogin>

beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(async () => {
  homeserver = createMemoryHomeserver()
  await sleepers.empty()
  const { db } = sleepers.database
  await db.delete(matrixAccounts)
  const { userId } = await sleepers.instance()
  const accounts = createAccountStore(sleepers.database)
  await accounts.plan(10)
  for (const account of await accounts.due(new Date(), 10)) {
    await accounts.settle(account, 'made')
    if (account.kind === 'person') localpart = account.localpart
  }
  const sealed = seal.seal(TOKEN, 'PHONE', systemClock.random)
  await db.delete(matrixLogins)
  await createLoginStore(sleepers.database).add({
    ...{ ...sealed, deviceId: 'PHONE', userId, name: 'Phone', createdAt: new Date() },
  })
  const limit = (attempts: number) => memoryLimit({ name: 'x', attempts, seconds: 60, message: 'Too many.' })
  app = createPasswordLogin({
    ...{ homeserver, store: createLoginStore(sleepers.database), open: seal.open },
    limits: { perNetwork: limit(100), perAccount: limit(3) },
    log: pino({ level: 'silent' }),
  })
})

async function ask(body: object | string, version = 'v3', from = '10.0.0.1') {
  const response = await app.request(`http://matrix.mos.test/_matrix/client/${version}/login`, {
    method: 'POST',
    headers: { 'x-forwarded-for': from },
    body: typeof body === 'string' ? body : JSON.stringify({ type: 'm.login.password', ...body }),
  })
  return { status: response.status, body: await response.json() }
}
const as = (user: string, password = TOKEN, more = {}) => ({
  ...{ identifier: { type: 'm.id.user', user }, password, ...more },
})

it('offers a password and nothing else, to pages of any origin', async () => {
  const response = await app.request('http://matrix.mos.test/_matrix/client/v3/login')
  expect(await response.json()).toEqual({ flows: [{ type: 'm.login.password' }] })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

it('signs in whoever brings the token, by name or whole id', async () => {
  for (const user of [localpart, `@${localpart}:mos.test`, `@${localpart.toUpperCase()}:mos.test`]) {
    const answer = await ask(as(user))
    expect(answer).toEqual({
      status: 200,
      body: { user_id: `@${localpart}:mos.test`, access_token: TOKEN, device_id: 'PHONE' },
    })
  }
})

it('says the same of a wrong token, an AI, a stranger and another homeserver', async () => {
  const wrong = [as(localpart, 'x'), as(`${localpart}_ai`), as('nobody'), as(`@${localpart}:else.test`)]
  const answers = await Promise.all(wrong.map((each) => ask(each)))
  expect(answers[0]).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
})

it('lets a second client not in where the first has its keys, and the first come back', async () => {
  homeserver.withKeys.add('PHONE')
  expect((await ask(as(localpart))).body.error).toContain('Another client uses this token')
  expect((await ask(as(localpart, TOKEN, { device_id: 'PHONE' }))).status).toBe(200)
})

it('lets in by a token beside one that cannot be read any more', async () => {
  const { db } = sleepers.database
  const [first] = await db.select().from(matrixLogins)
  if (!first) throw new Error('There is no token.')
  const earlier = { deviceId: 'ANOTHER', createdAt: new Date(0), ciphertext: new Uint8Array(40) }
  await db.insert(matrixLogins).values({ ...first, ...earlier })
  expect((await ask(as(localpart))).status).toBe(200)
  expect((await ask(as(localpart, 'x'))).status).toBe(403)
})

it('lets nobody in who is suspended', async () => {
  await sleepers.database.db.update(users).set({ suspendedAt: new Date() })
  expect((await ask(as(localpart))).status).toBe(403)
})

it('counts attempts by name and network', async () => {
  for (let i = 0; i < 3; i++) await ask(as(localpart, 'x'))
  const answer = await ask(as(localpart))
  expect(answer).toMatchObject({ status: 429, body: { errcode: 'M_LIMIT_EXCEEDED' } })
  expect(answer.body.retry_after_ms).toBeGreaterThan(0)
})

it('counts all addresses of one network together', async () => {
  for (const at of [1, 2, 3]) await ask(as(localpart, 'x'), 'v3', `2001:db8:1:2::${at}`)
  expect((await ask(as(localpart), 'v3', '2001:db8:1:2:ffff::1')).status).toBe(429)
  expect((await ask(as(localpart), 'v3', '2001:db8:1:3::1')).status).toBe(200)
})

it('refuses what is no such question', async () => {
  expect(await ask('{')).toMatchObject({ status: 400, body: { errcode: 'M_NOT_JSON' } })
  expect(await ask({ type: 'm.login.token', token: TOKEN })).toMatchObject({ status: 400 })
  expect(await ask(as(`${localpart}\0`))).toMatchObject({ status: 400 })
  expect(await ask('x'.repeat(20_000))).toMatchObject({ status: 413 })
})
