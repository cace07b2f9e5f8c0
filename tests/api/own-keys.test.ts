/** Own keys, alerts' addresses and the file of all calls, as people use them. */
import type { ServerResponse } from 'node:http'
import { newId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../apps/api/src/clock.ts'
import { accountNotices, aiCalls, alertAddresses, ownKeys } from '../../apps/api/src/db/schema/index.ts'
import type { Mail } from '../../apps/api/src/ports/mailer.ts'
import { createKeySeal } from '../../apps/api/src/quota/keys/seal.ts'
import { type AnsweringServer, startAnswering } from '../../apps/api/src/quota/testing/answering.ts'
import { callOf } from '../../apps/api/src/quota/testing/books.ts'
import { newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const KEY = 'sk-ant-marker-of-a-key-7xYz'

let provider: AnsweringServer
let answer: (response: ServerResponse) => void
let api: TestApi
const sent: Mail[] = []
let isMailAway = false
beforeAll(async () => {
  provider = await startAnswering((response) => answer(response))
  const mailer = {
    send: async (mail: Mail) => {
      if (isMailAway) throw new Error('away')
      sent.push(mail)
    },
    close: () => {},
  }
  api = await startApi({ pretended: true, env: { ANTHROPIC_UPSTREAM: provider.url }, mailer })
}, 120_000)
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})
beforeEach(() => {
  answer = (response) => response.end(JSON.stringify({ data: [{ id: 'claude-haiku-4-5' }] }))
  isMailAway = false
  sent.length = 0
})

const keyRows = (userId: Awaited<ReturnType<typeof newPerson>>['id']) =>
  api.database.db.select().from(ownKeys).where(eq(ownKeys.userId, userId))

it('keeps a key that the provider accepts, sealed, and shows its end alone', async () => {
  const ada = await newPerson(api, 'ada')
  const { quota, auth } = ada.client.trpc
  await quota.setOwnKey.mutate({ provider: 'anthropic', key: ` ${KEY} ` })
  const view = await quota.credits.query()
  expect(view.ownKeys).toMatchObject([{ provider: 'anthropic', ending: '7xYz', refusedAt: null }])
  expect(JSON.stringify(view)).not.toContain('marker')
  const [row] = await keyRows(ada.id)
  if (!row) throw new Error('No key was stored.')
  expect(Buffer.from(row.ciphertext).toString('latin1')).not.toContain('marker')
  const seal = createKeySeal({ platformSecret: api.env.PLATFORM_SECRET })
  expect(await seal.open(row, ada.id)).toBe(KEY)
  // The session that did it knows; others are told.
  expect(await auth.notices.list.query()).toEqual([])
  const notices = await api.database.db.select().from(accountNotices).where(eq(accountNotices.userId, ada.id))
  expect(notices.map(({ kind }) => kind)).toEqual(['own_key_set'])
  await quota.removeOwnKey.mutate({ provider: 'anthropic' })
  expect(await keyRows(ada.id)).toEqual([])
  expect((await refusal(quota.removeOwnKey.mutate({ provider: 'anthropic' }))).code).toBe('not_found')
})

it.each([
  ['refused', 401, 'invalid_input', 'refuses this key'],
  ['away', 500, 'upstream_unavailable', 'Nothing was saved'],
] as const)('keeps nothing when the provider has %s it', async (name, status, code, message) => {
  const person = await newPerson(api, name)
  answer = (response) => response.writeHead(status).end('{}')
  const refused = await refusal(
    person.client.trpc.quota.setOwnKey.mutate({ provider: 'anthropic', key: KEY }),
  )
  expect(refused).toMatchObject({ code, message: expect.stringContaining(message) })
  expect(refused.message).not.toContain('marker')
  expect(await keyRows(person.id)).toEqual([])
})

it('wants a fresh proof for a key', async () => {
  const bea = await newPerson(api, 'bea')
  api.advance(5 * 60_000 + 1_000)
  const set = bea.client.trpc.quota.setOwnKey.mutate({ provider: 'anthropic', key: KEY })
  const code = (await refusal(set)).code
  api.advance(-5 * 60_000 - 1_000)
  expect(code).toBe('step_up_required')
})

const linkIn = (mail: Mail | undefined): string =>
  /http:\/\/app\.localhost:\d+\/credits\/confirm-email#(\S+)/.exec(mail?.text ?? '')?.[1] ?? ''

it('sends alerts where a link was opened, by whoever asked for it, within a day', async () => {
  const [cal, dee] = [await newPerson(api, 'cal'), await newPerson(api, 'dee')]
  const { setAlertAddress, confirmAlertAddress, credits, removeAlertAddress } = cal.client.trpc.quota
  await setAlertAddress.mutate({ email: 'cal@example.org' })
  expect(sent).toMatchObject([{ to: 'cal@example.org', text: expect.stringContaining('as cal wants') }])
  const secret = linkIn(sent[0])
  expect(await credits.query()).toMatchObject({
    ...{ canMail: true, alertAddress: { email: 'cal@example.org', isConfirmed: false } },
  })
  const confirm = (by: typeof cal, with_: string) =>
    by.client.trpc.quota.confirmAlertAddress.mutate({ secret: with_ })
  expect((await refusal(confirm(dee, secret))).code).toBe('not_found')
  expect((await refusal(confirm(cal, `${secret.slice(0, -2)}xx`))).code).toBe('not_found')
  api.advance(86_400_000 + 1_000)
  const late = await refusal(confirm(cal, secret)).catch((error: unknown) => error)
  api.advance(-86_400_000 - 1_000)
  expect(late).toMatchObject({ code: expect.stringMatching(/not_found|unauthorized/) })
  await confirm(cal, secret)
  await confirm(cal, secret)
  expect((await credits.query()).alertAddress).toEqual({ email: 'cal@example.org', isConfirmed: true })
  await setAlertAddress.mutate({ email: 'cal@example.org' })
  expect(sent).toHaveLength(1)
  await setAlertAddress.mutate({ email: 'other@example.org' })
  expect((await refusal(confirmAlertAddress.mutate({ secret }))).code).toBe('not_found')
  await removeAlertAddress.mutate()
  expect((await credits.query()).alertAddress).toBeNull()
  expect((await refusal(confirm(cal, linkIn(sent[1])))).code).toBe('not_found')
})

it('sends nobody more mail than they may be sent', async () => {
  const people = await Promise.all(['eve', 'fay'].map((handle) => newPerson(api, handle)))
  const ask = (at: number, email: string) => people[at]?.client.trpc.quota.setAlertAddress.mutate({ email })
  await ask(0, 'victim@example.org')
  await ask(0, 'Victim@example.org')
  await ask(1, 'victim@EXAMPLE.org')
  expect((await refusal(ask(1, 'victim@example.org') ?? Promise.resolve())).code).toBe('too_many_requests')
  for (const name of ['a', 'b', 'c']) await ask(0, `${name}@example.org`)
  expect((await refusal(ask(0, 'd@example.org') ?? Promise.resolve())).code).toBe('too_many_requests')
  expect(sent).toHaveLength(6)
  expect((await refusal(ask(1, 'not an address') ?? Promise.resolve())).code).toBe('invalid_input')
})

it('keeps no address that no mail could be sent to', async () => {
  const gil = await newPerson(api, 'gil')
  isMailAway = true
  const set = gil.client.trpc.quota.setAlertAddress.mutate({ email: 'gil@example.org' })
  expect((await refusal(set)).code).toBe('upstream_unavailable')
  expect(
    await api.database.db.select().from(alertAddresses).where(eq(alertAddresses.userId, gil.id)),
  ).toEqual([])
})

it('gives all calls as a file, page by page, to the app alone', async () => {
  const hal = await newPerson(api, 'hal')
  const calls = Array.from({ length: 1_203 }, (_, at) =>
    callOf(hal.id, { id: newId('aic', systemClock), at: new Date(Date.UTC(2026, 0, 1) + at * 1_000) }),
  )
  await api.database.db.insert(aiCalls).values(calls)
  const { browser, hosts } = hal.client
  const get = (site: string, client = browser) =>
    client.fetch(`${hosts.appOrigin}/credits.csv`, {
      headers: { 'sec-fetch-site': site },
      redirect: 'manual',
    })
  const response = await get('same-origin')
  expect([response.status, response.headers.get('content-disposition')]).toEqual([
    ...[200, 'attachment; filename="ai-credits.csv"'],
  ])
  const lines = (await response.text()).trimEnd().split('\r\n')
  expect(lines).toHaveLength(1_204)
  const ids = lines.slice(1).map((line) => line.split(',').at(-1))
  expect(ids).toEqual(calls.map(({ id }) => id).reverse())
  for (const site of ['same-site', 'cross-site']) expect((await get(site)).status).toBe(403)
  const visitor = await get('same-origin', api.client().browser)
  expect([visitor.status, visitor.headers.get('location')]).toEqual([
    302,
    '/login?next=%2Fsettings%2Fcredits',
  ])
  for (let left = 9; left > 0; left--) await (await get('same-origin')).text()
  expect((await get('same-origin')).status).toBe(429)
})
