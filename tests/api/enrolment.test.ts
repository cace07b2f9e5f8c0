/** One-time links for whoever lost every way to sign in. */
import { logIn } from '@matrixos/client'
import type { UserId } from '@matrixos/shared'
import { type Authenticator, createAuthenticator, type Faults } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { users } from '../../apps/api/src/db/schema/index.ts'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let admin: Awaited<ReturnType<typeof newAdmin>>
let people = 0
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { PASSKEYS_PER_ACCOUNT: '2' } })
  admin = await newAdmin(api, 'adele')
})
afterAll(() => api[Symbol.asyncDispose]())

const DAY_MS = 86_400_000

async function person() {
  const handle = `gone${++people}`
  const { client, id: userId } = await newPerson(api, handle)
  return { client, handle, userId }
}

async function issue(id: UserId): Promise<string> {
  const input = { id, proof: 'Showed their card at the desk.' }
  const { url } = await admin.client.trpc.admin.people.enrolmentLink.mutate(input)
  expect(url).toMatch(/^http:\/\/app\.localhost:\d+\/enrol#[\w-]{43}$/)
  return new URL(url).hash.slice(1)
}

async function redeem(
  secret: string,
  client: PlatformClient = api.client(),
  authenticator: Authenticator = createAuthenticator(),
  faults: Faults = {},
) {
  const { enrolment } = client.trpc.auth
  const { challengeId, options } = await enrolment.passkeyOptions.mutate({ secret })
  const response = authenticator.create(options, { origin: client.hosts.appOrigin, ...faults })
  return enrolment.passkey.mutate({ secret, challengeId, response })
}

const kinds = async (client: PlatformClient) =>
  (await client.trpc.auth.notices.list.query()).map(({ kind }) => kind)

it('adds a passkey of the person, once, and signs them in', async () => {
  const { client: owner, handle, userId } = await person()
  const secret = await issue(userId)
  const client = api.client()
  await expect(client.trpc.auth.enrolment.inspect.mutate({ secret })).resolves.toMatchObject({ handle })
  const authenticator = createAuthenticator()
  await expect(redeem(secret, client, authenticator)).resolves.toMatchObject({ handle })
  await expect(client.trpc.auth.me.query()).resolves.toMatchObject({ handle })
  await expect(logIn({ client: api.client(), authenticator })).resolves.toMatchObject({ handle })
  expect((await owner.trpc.auth.passkeys.list.query()).passkeys).toHaveLength(2)
  const again = await refusal(redeem(secret))
  expect(again).toMatchObject({ code: 'not_found', status: 404 })
  expect(await refusal(client.trpc.auth.enrolment.inspect.mutate({ secret }))).toEqual(again)
  const sessions = await api.database.db.query.sessions.findMany()
  expect(sessions.some((row) => row.userId === userId && row.method === 'link')).toBe(true)
})

it('is told to the owner, who sees both the link and the passkey, and is audited', async () => {
  const { client: owner, userId } = await person()
  const secret = await issue(userId)
  expect(await kinds(owner)).toEqual(['enrolment_link_issued'])
  const client = api.client()
  await redeem(secret, client)
  expect(await kinds(owner)).toEqual(['factor_added', 'enrolment_link_issued'])
  // The one who came in by it neither needs it nor can silence it.
  expect(await kinds(client)).toEqual(['enrolment_link_issued'])
  for (const { id } of await owner.trpc.auth.notices.list.query())
    await client.trpc.auth.notices.dismiss.mutate({ id })
  expect(await kinds(client)).toEqual([])
  expect(await kinds(owner)).toHaveLength(2)
  const audit = await api.database.db.query.auditLog.findMany()
  const entries = audit.filter(({ target }) => target === userId).map(({ action, actor }) => [action, actor])
  expect(entries).toContainEqual(['enrolment_link_issued', admin.id])
  expect(entries).toContainEqual(['factor_added', userId])
  expect(JSON.stringify(audit)).not.toContain(secret)
})

it('is spent by one of several that use it at once', async () => {
  const { client, userId } = await person()
  const secret = await issue(userId)
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => redeem(secret)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await client.trpc.auth.passkeys.list.query()).passkeys).toHaveLength(2)
})

it('outlasts a passkey that is refused, and ends when another is issued', async () => {
  const { handle, userId } = await person()
  const old = await issue(userId)
  const refused = redeem(old, undefined, undefined, { userVerified: false })
  expect((await refusal(refused)).code).toBe('credential_refused')
  await expect(api.client().trpc.auth.enrolment.inspect.mutate({ secret: old })).resolves.toMatchObject({
    handle,
  })
  const fresh = await issue(userId)
  expect((await refusal(redeem(old))).code).toBe('not_found')
  await expect(redeem(fresh)).resolves.toMatchObject({ handle })
})

it('waits while the account is suspended, and adds nothing', async () => {
  const { client, handle, userId } = await person()
  const secret = await issue(userId)
  const browser = api.client()
  const { challengeId, options } = await browser.trpc.auth.enrolment.passkeyOptions.mutate({ secret })
  const response = createAuthenticator().create(options, { origin: browser.hosts.appOrigin })
  const setSuspended = (suspendedAt: Date | null) =>
    api.database.db.update(users).set({ suspendedAt }).where(eq(users.id, userId))
  await setSuspended(new Date())
  const begun = browser.trpc.auth.enrolment.passkey.mutate({ secret, challengeId, response })
  expect((await refusal(begun)).code).toBe('account_suspended')
  expect((await refusal(redeem(secret))).code).toBe('account_suspended')
  await setSuspended(null)
  expect((await client.trpc.auth.passkeys.list.query()).passkeys).toHaveLength(1)
  await expect(redeem(secret)).resolves.toMatchObject({ handle })
})

it.each([{ role: 'member' as const }, { suspendedAt: new Date() }])(
  'ends with the power of whoever issued it: %j',
  async (fall) => {
    const { handle, userId } = await person()
    const issuer = await newAdmin(api, `rogue${people}`)
    const input = { id: userId, proof: 'They said so themselves.' }
    const { url } = await issuer.client.trpc.admin.people.enrolmentLink.mutate(input)
    const secret = new URL(url).hash.slice(1)
    const browser = api.client()
    await expect(browser.trpc.auth.enrolment.inspect.mutate({ secret })).resolves.toMatchObject({ handle })
    await api.database.db.update(users).set(fall).where(eq(users.id, issuer.id))
    expect((await refusal(browser.trpc.auth.enrolment.inspect.mutate({ secret }))).code).toBe('not_found')
    expect((await refusal(redeem(secret, browser))).code).toBe('not_found')
  },
)

it('brings back whoever finds the account full of passkeys', async () => {
  const { client, handle, userId } = await person()
  const add = async () => {
    const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
    const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
    return client.trpc.auth.passkeys.add.mutate({ challengeId, response })
  }
  await add()
  expect((await refusal(add())).code).toBe('conflict')
  await expect(redeem(await issue(userId))).resolves.toMatchObject({ handle })
})

it("is of no use for another's link or after a day", async () => {
  const { userId } = await person()
  const { userId: other } = await person()
  const [mine, theirs] = [await issue(userId), await issue(other)]
  const client = api.client()
  const { enrolment } = client.trpc.auth
  const { challengeId, options } = await enrolment.passkeyOptions.mutate({ secret: mine })
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  const crossed = enrolment.passkey.mutate({ secret: theirs, challengeId, response })
  expect((await refusal(crossed)).code).toBe('challenge_expired')
  expect((await refusal(redeem('A'.repeat(43)))).code).toBe('not_found')
  api.advance(DAY_MS)
  expect((await refusal(redeem(mine))).code).toBe('not_found')
})
