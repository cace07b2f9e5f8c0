/** More AI credits: asked for, granted, denied, and set by administrators and the server's command line. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import {
  aiCalls,
  creditAccounts,
  creditGrants,
  creditHolds,
  creditRequests,
  users,
} from '../../apps/api/src/db/schema/index.ts'
import { deriveKey } from '../../apps/api/src/keys.ts'
import { callOf, holdOf, openAccount } from '../../apps/api/src/quota/testing/books.ts'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

vi.setConfig({ testTimeout: 60_000 })

let api: TestApi
let root: Awaited<ReturnType<typeof newAdmin>>
let stopListening: () => Promise<void>
const runDir = mkdtempSync(join(tmpdir(), 'mos-credits-'))
beforeAll(async () => {
  api = await startApi({
    pretended: true,
    env: { AI_CREDITS_USD: '5', CREDIT_REQUESTS_PER_ACCOUNT_PER_DAY: '3' },
  })
  root = await newAdmin(api, 'rootadmin')
  stopListening = await api.listenAsService(join(runDir, 'service.sock'))
}, 120_000)
afterAll(async () => {
  await stopListening()
  await api[Symbol.asyncDispose]()
  rmSync(runDir, { recursive: true, force: true })
})

const admin = () => root.client.trpc.admin.quota
const auditOf = async (target: string) =>
  (await root.client.trpc.admin.audit.search.query({ target })).items.map(({ action }) => action)
const noticesOf = async ({ client }: Awaited<ReturnType<typeof newPerson>>) =>
  (await client.trpc.auth.notices.list.query()).map(({ kind, address }) => [kind, address])

it('asks for more, once at a time, and can take it back', async () => {
  const ada = await newPerson(api, 'ada')
  const { requestMore, withdrawRequest, credits } = ada.client.trpc.quota
  const made = await requestMore.mutate({ amount: '2.5', reason: 'A course.' })
  expect(made).toMatchObject({ amount: '2.50', reason: 'A course.', state: 'open', granted: null })
  const second = await refusal(requestMore.mutate({ amount: '1', reason: 'More.' }))
  expect(second).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('asked for more already'),
  })
  const bea = await newPerson(api, 'bea')
  expect((await refusal(bea.client.trpc.quota.withdrawRequest.mutate({ id: made.id }))).code).toBe('conflict')
  await withdrawRequest.mutate({ id: made.id })
  expect((await refusal(withdrawRequest.mutate({ id: made.id }))).code).toBe('conflict')
  expect((await credits.query()).request).toMatchObject({ id: made.id, state: 'withdrawn' })
  expect((await refusal(admin().answer.mutate({ verdict: 'approve', id: made.id, amount: '1' }))).code).toBe(
    'conflict',
  )
  await requestMore.mutate({ amount: '1', reason: 'Again.' })
  expect((await refusal(requestMore.mutate({ amount: '1', reason: 'Often.' }))).code).toBe(
    'too_many_requests',
  )
  expect(await auditOf('ada')).toEqual([
    ...['credits_requested', 'credit_request_withdrawn', 'credits_requested', 'account_created'],
  ])
  await admin()
    .answer.mutate({ verdict: 'deny', id: made.id + 2, answer: 'No.' })
    .catch(() => undefined)
})

it('is approved with another amount and a word, once, and begins a new round of alerts', async () => {
  const cal = await newPerson(api, 'cal')
  await openAccount(api.database, cal.id, { spent: 5_000_000_000n, alertRound: 3 })
  const { id } = await cal.client.trpc.quota.requestMore.mutate({ amount: '10', reason: 'A thesis.' })
  const open = await admin().requests.query()
  expect(open.find((request) => request.id === id)).toMatchObject({
    ...{ handle: 'cal', amount: '10.00', spent: '5.00', limit: '5.00', reason: 'A thesis.' },
  })
  const answer = { verdict: 'approve', id, amount: '4', answer: 'Half for now.' } as const
  const answers = await Promise.allSettled([admin().answer.mutate(answer), admin().answer.mutate(answer)])
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const view = await cal.client.trpc.quota.credits.query()
  expect(view).toMatchObject({ limit: '9.00', granted: '4.00', remaining: '4.00' })
  expect(view.request).toMatchObject({ state: 'approved', granted: '4.00', answer: 'Half for now.' })
  const [account] = await api.database.db
    .select()
    .from(creditAccounts)
    .where(eq(creditAccounts.userId, cal.id))
  expect(account).toMatchObject({ granted: 4_000_000_000n, alertRound: 4, spent: 5_000_000_000n })
  expect(await noticesOf(cal)).toEqual([['credits_granted', '']])
  expect((await auditOf('cal'))[0]).toBe('credits_granted')
})

it('is denied with a word', async () => {
  const dee = await newPerson(api, 'dee')
  const { id } = await dee.client.trpc.quota.requestMore.mutate({ amount: '10', reason: 'Fun.' })
  await admin().answer.mutate({ verdict: 'deny', id, answer: 'Not for that.' })
  const { request, granted } = await dee.client.trpc.quota.credits.query()
  expect(request).toMatchObject({ state: 'denied', answer: 'Not for that.', granted: null })
  expect(granted).toBe('0.00')
  expect(await noticesOf(dee)).toEqual([['credits_denied', '']])
  expect((await auditOf('dee'))[0]).toBe('credits_denied')
})

it('grants nothing where its reason could not be written', async () => {
  const eve = await newPerson(api, 'eve')
  const { id } = await eve.client.trpc.quota.requestMore.mutate({ amount: '10', reason: 'Fun.' })
  await api.database.db.execute('alter table audit_log rename to audit_log_away')
  const failed = await admin()
    .answer.mutate({ verdict: 'approve', id, amount: '10' })
    .catch(() => 'failed')
  await api.database.db.execute('alter table audit_log_away rename to audit_log')
  expect(failed).toBe('failed')
  expect(await eve.client.trpc.quota.credits.query()).toMatchObject({
    granted: '0.00',
    request: { state: 'open' },
  })
  const rows = await api.database.db.select().from(creditGrants).where(eq(creditGrants.userId, eve.id))
  expect(rows).toEqual([])
})

it('is limited by what an administrator sets, also below what is spent', async () => {
  const fay = await newPerson(api, 'fay')
  await openAccount(api.database, fay.id, { spent: 3_000_000_000n })
  const set = { handle: '@Fay', credits: '2', callsAtOnce: 1, callsPerMinute: null }
  expect(await admin().setLimits.mutate(set)).toMatchObject({
    ...{ credits: '2.00', callsAtOnce: 1, callsPerMinute: null, limit: '2.00', spent: '3.00' },
    plan: { credits: '5.00', period: 'once', callsAtOnce: 5, callsPerMinute: 60 },
  })
  const view = await fay.client.trpc.quota.credits.query()
  expect(view).toMatchObject({ limit: '2.00', remaining: '0.00', callsAtOnce: 1, callsPerMinute: 60 })
  await admin().grant.mutate({ handle: 'fay', amount: '1.25', message: 'As agreed.' })
  const person = await admin().person.query({ handle: 'fay' })
  expect(person).toMatchObject({ limit: '3.25', granted: '1.25' })
  expect(person.grants).toMatchObject([{ amount: '1.25', message: 'As agreed.', grantedBy: 'rootadmin' }])
  const [account] = await api.database.db
    .select()
    .from(creditAccounts)
    .where(eq(creditAccounts.userId, fay.id))
  // The new limit, and the grant.
  expect(account?.alertRound).toBe(2)
  const back = { handle: 'fay', credits: null, callsAtOnce: null, callsPerMinute: null }
  expect(await admin().setLimits.mutate(back)).toMatchObject({ credits: null, limit: '6.25' })
  expect((await refusal(admin().setLimits.mutate({ ...set, handle: 'nobody' }))).code).toBe('not_found')
  expect((await refusal(admin().setLimits.mutate({ ...set, callsAtOnce: -1 }))).code).toBe('invalid_input')
  expect((await refusal(admin().grant.mutate({ handle: 'fay', amount: '0' }))).code).toBe('invalid_input')
  expect((await refusal(fay.client.trpc.admin.quota.grant.mutate({ handle: 'fay', amount: '9' }))).code).toBe(
    'forbidden',
  )
})

it('shows administrators what is spent', async () => {
  const gil = await newPerson(api, 'gil')
  await api.database.db.insert(aiCalls).values(callOf(gil.id, { cost: 2_000_000_000n }))
  await api.database.db.insert(creditHolds).values(holdOf(gil.id))
  const spend = await admin().spend.query({})
  expect(spend).toMatchObject({ total: '2.00', today: '2.00', exposure: '0.50', callsInFlight: 1 })
  expect(spend.byPerson).toMatchObject([{ handle: 'gil', cost: '2.00', calls: 1 }])
  await api.database.db.delete(creditHolds)
})

interface Run {
  code: number
  output: string
}
const command = (...args: string[]) =>
  new Promise<Run>((resolve) => {
    const place = { RUN_DIR: runDir, DATA_DIR: api.env.DATA_DIR, EDGE_TOKEN: api.env.EDGE_TOKEN }
    const options = { env: { PATH: process.env.PATH, ...place } }
    execFile(process.execPath, [join(ROOT, 'scripts/admin.ts'), ...args], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    )
  })

it('is granted on the server', async () => {
  const hal = await newPerson(api, 'hal')
  expect(await command('credits', '@Hal', '2.50')).toEqual({
    ...{ code: 0, output: 'hal was granted $2.50, and may spend $7.50 in all from now on.\n' },
  })
  expect((await hal.client.trpc.quota.credits.query()).granted).toBe('2.50')
  expect((await command('credits', 'hal', 'much')).output).toContain('Enter an amount in US dollars')
  expect((await command('credits', 'nobody', '1')).output).toContain('Nobody has this handle')
  expect((await command('credits', 'hal')).output).toContain('Usage:')
  expect((await admin().person.query({ handle: 'hal' })).grants).toMatchObject([{ grantedBy: 'server' }])
  const secret = deriveKey(api.env.PLATFORM_SECRET, 'alert-webhook')
  expect(await command('webhook-secret')).toEqual({ code: 0, output: `${secret}\n` })
})

it('leaves the bill of whoever is gone', async () => {
  const ivy = await newPerson(api, 'ivy')
  await ivy.client.trpc.quota.requestMore.mutate({ amount: '1', reason: 'x' })
  await api.database.db.insert(aiCalls).values(callOf(ivy.id))
  const { client } = ivy
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  await client.trpc.tenants.delete.mutate({ instanceId, handle: 'ivy' })
  const isGone = async () =>
    (await api.database.db.select().from(users).where(eq(users.id, ivy.id))).length === 0
  await until('the account is gone', isGone, 30_000)
  expect(
    await api.database.db.select().from(creditRequests).where(eq(creditRequests.userId, ivy.id)),
  ).toEqual([])
  expect(await api.database.db.select().from(aiCalls).where(eq(aiCalls.userId, ivy.id))).toHaveLength(1)
})
