/** Where a person is signed in: the list, and ending one or all others. */
import { logIn, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sameOrigin, startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { enter } from '../support/enter.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

const list = ({ trpc }: PlatformClient) => trpc.auth.sessions.list.query()
const currentId = async (client: PlatformClient) =>
  (await list(client)).find(({ current }) => current)?.id ?? 'ses_none'
const isSignedIn = ({ trpc }: PlatformClient) =>
  trpc.auth.me.query().then(
    () => true,
    () => false,
  )

/** A person who is signed in with several browsers, the first of them opened first. */
async function person(handle: string, browsers = 2) {
  const authenticator = createAuthenticator()
  const clients = Array.from({ length: browsers }, () => api.client())
  for (const [index, client] of clients.entries()) {
    if (index === 0) await signUp({ client, authenticator, handle })
    else await logIn({ client, authenticator })
    api.advance(1_000)
  }
  const [one, other] = clients
  if (!one || !other) throw new Error('Two browsers at least.')
  return { one, other, clients }
}

/** A call as a browser behind that address makes it. */
const callFrom = (client: PlatformClient, address: string) =>
  client.browser.fetch(`${client.hosts.appOrigin}/trpc/auth.me`, {
    headers: { 'x-mos': '1', 'x-forwarded-for': address },
  })

it('lists one’s own, the last used first, and marks the one that asks', async () => {
  const { one, other } = await person('lister')
  await person('somebody')
  const seen = await list(one)
  expect(seen).toHaveLength(2)
  expect(seen.map(({ current }) => current)).toEqual([false, true])
  expect(seen[1]).toMatchObject({ method: 'passkey', device: { kind: expect.any(String) } })
  expect((await list(other)).map(({ current }) => current)).toEqual([true, false])
})

it('shows the address and the minute of the last use, and when the person was last seen', async () => {
  const { one, other } = await person('mover')
  api.advance(61_000)
  const now = Date.now()
  expect((await callFrom(one, '2001:db8::7')).status).toBe(200)
  const latest = async () => (await list(other)).find(({ current }) => !current)
  // A use is written down beside the request that it was seen at.
  await expect.poll(async () => (await latest())?.address).toBe('2001:db8::7')
  const seen = await latest()
  expect(Date.parse(seen?.lastUsedAt ?? '') - now).toBeGreaterThan(60_000)
  const row = async () =>
    await api.database.db.query.users.findFirst({ where: (user, { eq }) => eq(user.handle, 'mover') })
  const lastSeenAt = async () => (await row())?.lastSeenAt?.getTime()
  await expect.poll(lastSeenAt).toBeGreaterThanOrEqual(Date.parse(seen?.lastUsedAt ?? ''))
})

it('ends one of them, in the browser and at the instance', async () => {
  const { one, other } = await person('ender')
  await waitUntilRunning(other)
  const cookie = await enter(api, other, 'ender')
  expect((await api.ask('ender.localhost', sameOrigin('/', cookie))).status).toBe(204)
  await one.trpc.auth.sessions.revoke.mutate({ id: await currentId(other) })
  expect((await api.ask('ender.localhost', sameOrigin('/', cookie))).status).toBe(401)
  expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([true, false])
  expect((await refusal(other.trpc.auth.refresh.mutate())).code).toBe('unauthorized')
  expect(await list(one)).toHaveLength(1)
})

it('ends all others and keeps the one that asks', async () => {
  const { one, clients } = await person('keeper', 4)
  await expect(one.trpc.auth.sessions.revokeOthers.mutate()).resolves.toEqual({ sessions: 3 })
  expect(await Promise.all(clients.map(isSignedIn))).toEqual([true, false, false, false])
})

it("answers 404 for another person's session, and leaves it alone", async () => {
  const { one } = await person('rightful')
  const { one: mallory } = await person('mallory')
  const id = await currentId(one)
  const refused = await refusal(mallory.trpc.auth.sessions.revoke.mutate({ id }))
  expect(refused).toMatchObject({ code: 'not_found', status: 404 })
  await mallory.trpc.auth.sessions.revokeOthers.mutate()
  expect(await isSignedIn(one)).toBe(true)
})

it('answers the same for a session that never was', async () => {
  const { one } = await person('guesser')
  const { one: owner } = await person('guessed')
  const revoke = (id: `ses_${string}`) => refusal(one.trpc.auth.sessions.revoke.mutate({ id }))
  const theirs = await currentId(owner)
  const [foreign, unknown] = [await revoke(theirs), await revoke(`ses_${'0'.repeat(26)}`)]
  expect(foreign).toEqual(unknown)
})

it('signs the browser out that ends its own', async () => {
  const { one } = await person('quitter')
  await one.trpc.auth.sessions.revoke.mutate({ id: await currentId(one) })
  await expect(one.trpc.auth.session.query()).resolves.toBeNull()
})

it('writes down who ended what', async () => {
  const { one, other } = await person('audited')
  const id = await currentId(other)
  await one.trpc.auth.sessions.revoke.mutate({ id })
  await one.trpc.auth.sessions.revokeOthers.mutate()
  const rows = await api.database.db.query.auditLog.findMany({
    where: (row, { inArray }) => inArray(row.action, ['session_revoked', 'sessions_revoked']),
  })
  expect(rows.find(({ target }) => target === id)).toMatchObject({ action: 'session_revoked' })
  expect(rows.at(-1)).toMatchObject({ action: 'sessions_revoked', detail: { sessions: 0 } })
})
