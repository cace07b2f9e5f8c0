/** Recovery codes: made, used once, and told to the other sessions. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { users } from '../../apps/api/src/db/schema/index.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true })
})
afterAll(() => api[Symbol.asyncDispose]())

let people = 0

async function person() {
  const client = api.client()
  const { handle } = await signUp({ client, authenticator: createAuthenticator(), handle: `lost${++people}` })
  const { codes } = await client.trpc.auth.recovery.regenerate.mutate()
  const [first = '', second = ''] = codes
  return { client, handle, codes, first, second }
}

const recover = (handle: string, code: string, client = api.client()) =>
  client.trpc.auth.recovery.login.mutate({ handle, code })

it('are ten, of 120 bits each, and rest as hashes', async () => {
  const { client, codes } = await person()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/)
  await expect(client.trpc.auth.recovery.status.query()).resolves.toMatchObject({
    left: 10,
    createdAt: expect.any(String),
  })
  const rows = await api.database.db.query.recoveryCodes.findMany()
  const stored = JSON.stringify(rows)
  for (const code of codes) expect(stored).not.toContain(code)
})

it('open a session once, in which a passkey can be added', async () => {
  const { handle, first, second } = await person()
  const client = api.client()
  const outcome = await recover(handle, first.toUpperCase().replaceAll('-', ' '), client)
  expect(outcome).toMatchObject({ user: { handle }, left: 9 })
  const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  await expect(client.trpc.auth.passkeys.add.mutate({ challengeId, response })).resolves.toBeTruthy()
  expect(await refusal(recover(handle, first))).toMatchObject({ code: 'credential_refused', status: 401 })
  await expect(recover(handle, second)).resolves.toMatchObject({ left: 8 })
  const sessions = await api.database.db.query.sessions.findMany()
  expect(sessions.filter(({ method }) => method === 'recovery_code')).toHaveLength(2)
})

it('are not used up while the account is suspended', async () => {
  const { client, handle, first } = await person()
  const setSuspended = (suspendedAt: Date | null) =>
    api.database.db.update(users).set({ suspendedAt }).where(eq(users.handle, handle))
  await setSuspended(new Date())
  for (let at = 0; at < 2; at++)
    expect((await refusal(recover(handle, first))).code).toBe('account_suspended')
  await setSuspended(null)
  expect(await client.trpc.auth.notices.list.query()).toEqual([])
  await expect(recover(handle, first)).resolves.toMatchObject({ left: 9 })
})

it('end when new ones are made', async () => {
  const { client, handle, first } = await person()
  const { codes } = await client.trpc.auth.recovery.regenerate.mutate()
  expect((await refusal(recover(handle, first))).code).toBe('credential_refused')
  await expect(recover(handle, codes[0] ?? '')).resolves.toMatchObject({ left: 9 })
})

it('that are wrong, used or of somebody else are answered as an unknown handle is', async () => {
  const { handle, first } = await person()
  const { first: others } = await person()
  await recover(handle, first)
  const answers = [
    await refusal(recover('nobody-here', first)),
    await refusal(recover(handle, first)),
    await refusal(recover(handle, others)),
    await refusal(recover(handle, 'wrong')),
  ]
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
})

it('are judged five times for one handle, known or not, and others are not locked out', async () => {
  const { handle, first } = await person()
  const { handle: neighbour, first: theirs } = await person()
  for (const name of [handle, 'nobody-there']) {
    const guesses = Array.from({ length: 100 }, (_, at) => refusal(recover(name, `guess-${at}`)))
    const codes = (await Promise.all(guesses)).map(({ code }) => code)
    expect(codes.filter((code) => code === 'credential_refused')).toHaveLength(5)
  }
  expect(await refusal(recover(handle, first))).toMatchObject({
    code: 'too_many_requests',
    retryAfterS: expect.any(Number),
  })
  await expect(recover(neighbour, theirs)).resolves.toBeTruthy()
})

it('count once when used several times at once', async () => {
  const { handle, first } = await person()
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => recover(handle, first)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('are told to the other sessions, which alone can dismiss it for all', async () => {
  const { client: owner, handle, first, second } = await person()
  const intruder = api.client()
  await recover(handle, first, intruder)
  const notices = () => owner.trpc.auth.notices.list.query()
  const [told] = await notices()
  expect(told).toMatchObject({ kind: 'recovery_code_used', address: expect.any(String) })
  await expect(intruder.trpc.auth.notices.list.query()).resolves.toEqual([])
  const id = told?.id ?? 0
  await intruder.trpc.auth.notices.dismiss.mutate({ id })
  expect(await notices()).toHaveLength(1)
  api.advance(1000)
  const later = api.client()
  await recover(handle, second, later)
  expect(await later.trpc.auth.notices.list.query()).toMatchObject([{ id }])
  await later.trpc.auth.notices.dismiss.mutate({ id })
  await expect(later.trpc.auth.notices.list.query()).resolves.toEqual([])
  const { client: stranger } = await person()
  await stranger.trpc.auth.notices.dismiss.mutate({ id })
  expect(await notices()).toHaveLength(2)
  for (const notice of await notices()) await owner.trpc.auth.notices.dismiss.mutate({ id: notice.id })
  await expect(notices()).resolves.toEqual([])
  const rows = await api.database.db.query.accountNotices.findMany()
  expect(rows.filter((row) => row.id === id)).toEqual([])
})
