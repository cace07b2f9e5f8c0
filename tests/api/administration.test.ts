/** What administrators see, what wants a recent proof, and who is one. */
import { waitUntilRunning } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditLog } from '../../apps/api/src/db/schema/index.ts'
import { act, newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let root: Awaited<ReturnType<typeof newAdmin>>
beforeAll(async () => {
  api = await startApi()
  root = await newAdmin(api, 'rootadmin')
})
afterAll(() => api[Symbol.asyncDispose]())

const calls = () => root.client.trpc.admin
const isAdmin = ({ client }: Awaited<ReturnType<typeof newPerson>>) =>
  client.trpc.admin.overview.query().then(
    () => true,
    () => false,
  )

describe('reading', () => {
  it('shows the overview, people, a person and the audit log', async () => {
    const ada = await newPerson(api, 'ada')
    await waitUntilRunning(ada.client)
    const overview = await calls().overview.query()
    expect(overview).toMatchObject({ people: { total: 2, admins: 1, signedUp24h: 2 }, replicas: 1 })
    expect(overview.walls).toMatchObject({
      runtime: 'process',
      ociRuntime: null,
      homes: 'local',
      selfTest: null,
    })
    expect(overview.homeserver).toMatchObject({ state: 'off', plaintext7d: 0 })
    expect(overview.host.diskFreeBytes).toBeGreaterThan(0)
    expect(overview.host.diskTotalBytes).toBeGreaterThan(overview.host.diskFreeBytes ?? 0)
    const list = await calls().people.list.query({ filter: { search: 'ad' }, limit: 1 })
    expect([list.items.map(({ handle }) => handle), list.total]).toEqual([['ada'], 2])
    const next = await calls().people.list.query({ filter: { search: 'ad' }, cursor: list.nextCursor })
    expect([next.items.map(({ handle }) => handle), next.nextCursor]).toEqual([['rootadmin'], null])
    const shown = await calls().people.get.query({ handle: '@Ada' })
    expect(shown).toMatchObject({ handle: 'ada', methods: { passkeys: 1, totp: false }, protected: null })
    expect(shown.lastSeenAt).not.toBeNull()
    expect(shown.instance?.observed).toBe('running')
    expect((await calls().people.log.query({ handle: 'ada' })).text).toContain('listening')
    expect((await refusal(calls().people.get.query({ handle: 'nobody' }))).code).toBe('not_found')
    expect((await calls().people.get.query({ handle: 'rootadmin' })).protected).toBe(
      'This is your own account.',
    )
  })

  it('is for administrators alone', async () => {
    const bea = await newPerson(api, 'bea')
    const refused = await refusal(bea.client.trpc.admin.overview.query())
    expect(refused).toMatchObject({ code: 'forbidden', message: 'Only administrators can do this.' })
    // With a fresh proof of who is there, which is all that these two ask of a session besides.
    const { people } = bea.client.trpc.admin
    const link = people.enrolmentLink.mutate({ id: root.id, proof: 'None at all.' })
    expect((await refusal(link)).code).toBe('forbidden')
    expect((await refusal(people.setRole.mutate({ id: bea.id, role: 'admin' }))).code).toBe('forbidden')
    expect((await refusal(bea.client.trpc.admin.server.grant.mutate({ handle: 'bea' }))).code).toBe(
      'forbidden',
    )
    expect((await refusal(root.client.trpc.admin.server.list.query())).code).toBe('forbidden')
    expect((await refusal(api.client().trpc.admin.overview.query())).code).toBe('unauthorized')
  })
})

describe('the audit log', () => {
  it('is searched by actor, action, target and time, page by page, its texts cut', async () => {
    const { id } = await newPerson(api, 'written')
    const at = (day: number) => new Date(Date.UTC(2020, 0, day))
    const row = { action: 'login', actor: id, target: 'odd', address: '192.0.2.7' }
    const rows = Array.from({ length: 5 }, (_, i) => ({ ...row, at: at(i + 1), detail: { n: i } }))
    await api.database.db.insert(auditLog).values(rows)
    await api.database.db
      .insert(auditLog)
      .values({ ...row, at: at(9), target: 'long', detail: { text: 'x'.repeat(5_000), deep: { a: [1] } } })
    const { search } = calls().audit
    const first = await search.query({ actor: 'written', action: 'login', target: 'odd', limit: 3 })
    const second = await search.query({ actor: id, action: 'login', target: 'odd', cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ detail }) => detail.n)).toEqual(['4', '3', '2', '1', '0'])
    expect(second.nextCursor).toBeNull()
    expect(first.items[0]?.actor).toEqual({ id, handle: 'written' })
    const period = { from: at(2).toISOString(), to: at(4).toISOString() }
    const some = await search.query({ target: 'odd', ...period })
    expect(some.items.map(({ detail }) => detail.n)).toEqual(['2', '1'])
    const { items } = await search.query({ target: 'long' })
    expect(items[0]?.detail).toEqual({ text: `${'x'.repeat(300)}…`, deep: '{"a":[1]}' })
    expect((await refusal(search.query({ cursor: 'elsewhere' }))).code).toBe('invalid_input')
  })
})

describe('roles', () => {
  it('are given by administrators, never to nobody', async () => {
    const cal = await newPerson(api, 'cal')
    await calls().people.setRole.mutate({ id: cal.id, role: 'admin' })
    expect(await isAdmin(cal)).toBe(true)
    await cal.client.trpc.admin.people.setRole.mutate({ id: root.id, role: 'member' })
    expect(await isAdmin(root)).toBe(false)
    const last = await refusal(cal.client.trpc.admin.people.setRole.mutate({ id: cal.id, role: 'member' }))
    expect(last).toMatchObject({ code: 'conflict', message: expect.stringContaining('only administrator') })
    await cal.client.trpc.admin.people.setRole.mutate({ id: root.id, role: 'admin' })
    await calls().people.setRole.mutate({ id: cal.id, role: 'member' })
    expect(await isAdmin(cal)).toBe(false)
    const { items } = await calls().audit.search.query({ action: 'role_changed', target: 'cal' })
    expect(items.map(({ detail }) => detail.to)).toEqual(['member', 'admin'])
  })
})

describe('what is hard to take back', () => {
  it('wants a proof of the last five minutes', async () => {
    const { id } = await newPerson(api, 'dee')
    api.advance(5 * 60_000 + 1_000)
    await expect(act(root.client, 'revokeSessions', [id])).resolves.toEqual({ done: 1, failed: [] })
    const grave = [
      act(root.client, 'suspend', [id]),
      calls().people.setRole.mutate({ id, role: 'admin' }),
      calls().people.enrolmentLink.mutate({ id, proof: 'Seen in person.' }),
    ]
    const codes = (await Promise.all(grave.map(refusal))).map(({ code }) => code)
    expect(codes).toEqual(['step_up_required', 'step_up_required', 'step_up_required'])
    api.advance(-5 * 60_000 - 1_000)
    const { url } = await calls().people.enrolmentLink.mutate({ id, proof: 'Seen in person.' })
    expect(url).toMatch(/\/enrol#[\w-]{43}$/)
    const { items } = await calls().audit.search.query({ target: 'dee', limit: 2 })
    expect(items.map(({ action }) => action).sort()).toEqual([
      'account_recovery_approved',
      'enrolment_link_issued',
    ])
    expect(items.find(({ action }) => action === 'account_recovery_approved')?.detail.proof).toBe(
      'Seen in person.',
    )
  })

  it('puts computers to sleep and wakes them', async () => {
    const eve = await newPerson(api, 'eve')
    await waitUntilRunning(eve.client)
    await expect(act(root.client, 'sleepInstance', [eve.id])).resolves.toEqual({ done: 1, failed: [] })
    const observed = async () => (await eve.client.trpc.tenants.mine.query()).observed
    await until('it sleeps', async () => (await observed()) === 'stopped')
    await expect(act(root.client, 'wakeInstance', [eve.id])).resolves.toEqual({ done: 1, failed: [] })
    await waitUntilRunning(eve.client)
  })
})

describe('a token of an administrator', () => {
  it('reaches what its scope names, on the host for programs', async () => {
    const scopes = ['admin:read'] as const
    const made = await root.client.trpc.tokens.create.mutate({ name: 'watch', scopes: [...scopes] })
    const { apiOrigin } = root.client.hosts
    const headers = { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' }
    const ask = (path: string, init: { method?: string; body?: string } = {}) =>
      root.client.browser.fetch(`${apiOrigin}/trpc/${path}`, { ...init, headers })
    expect((await ask('admin.overview')).status).toBe(200)
    const change = JSON.stringify({ name: 'sign_up', value: 'closed' })
    expect((await ask('admin.settings.set', { method: 'POST', body: change })).status).toBe(403)
    const secret = JSON.stringify({ secret: 'x' })
    expect((await ask('admin.accept', { method: 'POST', body: secret })).status).toBe(403)
  })
})
