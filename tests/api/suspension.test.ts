/** Suspended accounts: nothing of theirs goes on, on any of two api processes, and nothing is lost. */
import { logIn, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { instances, users } from '../../apps/api/src/db/schema/index.ts'
import { act, newAdmin, newPerson } from '../support/administrator.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { enter } from '../support/enter.ts'

vi.setConfig({ testTimeout: 60_000 })
/** What is promised. */
const WITHIN_MS = 5_000

let one: TestApi
let other: TestApi
let admin: Awaited<ReturnType<typeof newAdmin>>
beforeAll(async () => {
  one = await startApi({ pretended: true })
  other = await startApi({ beside: one })
  admin = await newAdmin(one, 'rootadmin')
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

const rowOf = async (handle: string) => {
  const rows = await one.database.db.select().from(instances).where(eq(instances.handle, handle))
  return rows[0]
}

describe('a suspended account', () => {
  it('is out everywhere, and comes back as it was', async () => {
    const ada = await newPerson(one, 'ada')
    await waitUntilRunning(ada.client)
    const cookie = await enter(one, ada.client, 'ada')
    const both = [one, other]
    for (const api of both)
      await until(
        'it is open',
        async () => (await api.ask('ada.localhost', sameOrigin('/', cookie))).status === 204,
      )
    const stream = new Promise<void>((resolve) => {
      void ada.client.trpc.tenants.mine
        .query()
        .then(({ id }) =>
          ada.client.trpc.tenants.watch.subscribe(
            { instanceId: id },
            { onError: () => resolve(), onComplete: () => resolve(), onStopped: () => resolve() },
          ),
        )
    })

    await expect(act(admin.client, 'suspend', [ada.id])).resolves.toEqual({ done: 1, failed: [] })
    expect((await refusal(ada.client.trpc.auth.me.query())).code).toBe('unauthorized')
    expect((await refusal(ada.client.trpc.auth.refresh.mutate())).code).toBe('unauthorized')
    await stream
    for (const api of both) {
      const refused = await until(
        'the gate refuses',
        async () => {
          const asked = await api.ask('ada.localhost', sameOrigin('/', cookie))
          return asked.status === 403 && asked
        },
        WITHIN_MS,
      )
      expect(refused.body).toContain('account_suspended')
      const page = await api.ask('ada.localhost', visit('/', cookie))
      expect([page.status, page.body]).toEqual([403, expect.stringContaining('ada’s computer is suspended')])
      expect(page.body).not.toContain('Spam')
    }
    await until('it sleeps', async () => (await rowOf('ada'))?.observed === 'stopped', WITHIN_MS)
    expect(await rowOf('ada')).toMatchObject({ desired: 'asleep', isSuspended: true })

    const login = await refusal(logIn(ada))
    expect(login).toMatchObject({ code: 'account_suspended', status: 403 })
    expect(login.message).toBe('Your account is suspended, and your files are kept. Reason: Spam was sent.')
    expect((await refusal(act(admin.client, 'wakeInstance', [ada.id]))).code).toBe('invalid_input')

    await expect(act(admin.client, 'unsuspend', [ada.id])).resolves.toEqual({ done: 1, failed: [] })
    await logIn(ada)
    await ada.client.trpc.tenants.wake.mutate({ instanceId: (await ada.client.trpc.tenants.mine.query()).id })
    await waitUntilRunning(ada.client)
    const { timeline } = await until('the timeline is written', async () => {
      const shown = await admin.client.trpc.admin.people.get.query({ handle: 'ada' })
      return shown.timeline.filter(({ kind }) => kind === 'woke').length === 2 && shown
    })
    expect(timeline.map(({ kind }) => kind).reverse()).toEqual([
      ...['created', 'woke', 'suspended', 'slept', 'resumed', 'woke'],
    ])
    const [again, first] = timeline.filter(({ kind }) => kind === 'woke')
    expect(first).toMatchObject({ detail: 'first_start', durationMs: expect.any(Number) })
    expect(again).toMatchObject({ detail: null, durationMs: expect.any(Number) })
    const { wakes24h } = await admin.client.trpc.admin.overview.query()
    expect(wakes24h).toEqual({ count: 1, p50Ms: again?.durationMs, p95Ms: again?.durationMs })
  })

  it('is told so after a right credential alone', async () => {
    const bea = await newPerson(one, 'bea')
    await act(admin.client, 'suspend', [bea.id])
    const stranger = { ...bea, authenticator: createAuthenticator() }
    await expect(logIn(stranger)).rejects.toThrow()
    const loginTotp = (handle: string) =>
      refusal(one.client().trpc.auth.loginTotp.mutate({ handle, password: 'wrong password', code: '123456' }))
    expect(await loginTotp('bea')).toEqual(await loginTotp('nobody-here'))
  })

  it.each(['visit', 'command'] as const)('cannot be woken by a %s where nobody heard of it', async (how) => {
    const handle = `unheard-${how}`
    const { client } = await newPerson(one, handle)
    await waitUntilRunning(client)
    const cookie = await enter(one, client, handle)
    const { id } = await client.trpc.tenants.mine.query()
    await client.trpc.tenants.sleep.mutate({ instanceId: id })
    await until('it sleeps', async () => (await rowOf(handle))?.observed === 'stopped')
    const suspended = { isSuspended: true, version: sql`${instances.version} + 1` }
    await one.database.db.update(instances).set(suspended).where(eq(instances.id, id))
    const code =
      how === 'visit'
        ? JSON.parse((await one.ask(`${handle}.localhost`, sameOrigin('/', cookie))).body).code
        : (await refusal(client.trpc.tenants.wake.mutate({ instanceId: id }))).code
    expect(code).toBe('account_suspended')
    expect((await rowOf(handle))?.desired).toBe('asleep')
  })

  it('keeps out whoever opened a session in that very moment', async () => {
    const dee = await newPerson(one, 'dee')
    await one.database.db.update(users).set({ suspendedAt: new Date() }).where(eq(users.handle, 'dee'))
    expect((await refusal(dee.client.trpc.auth.me.query())).code).toBe('unauthorized')
    await until('the gate refuses', async () => {
      const { headers } = await one.ask('dee.localhost', visit('/'))
      const launched = await dee.client.browser.navigate(headers.location ?? '', { redirect: 'manual' })
      return launched.headers.get('location')?.startsWith('/login')
    })
  })
})

describe('suspending', () => {
  it('touches those alone who were shown, and does not touch oneself', async () => {
    const [eve, fay] = [await newPerson(one, 'eve'), await newPerson(one, 'fay')]
    const { people } = admin.client.trpc.admin
    const selection = { ids: [eve.id, admin.id] }
    const preview = await people.preview.mutate({ action: 'suspend', selection })
    expect(preview.people).toEqual([{ id: eve.id, handle: 'eve' }])
    expect(preview.skipped).toEqual([{ handle: 'rootadmin', why: 'This is your own account.' }])
    const reason = 'They asked for it.'
    for (const ids of [[eve.id, fay.id], [fay.id], [admin.id]]) {
      const refused = await refusal(people.suspend.mutate({ ids, token: preview.token, reason }))
      expect(refused.code).toBe('conflict')
    }
    const forAnother = people.unsuspend.mutate({ ids: [eve.id], token: preview.token })
    expect((await refusal(forAnother)).code).toBe('conflict')
    const input = { ids: [eve.id], token: preview.token, reason }
    await expect(people.suspend.mutate(input)).resolves.toEqual({ done: 1, failed: [] })
    const again = await people.suspend.mutate(input)
    expect(again).toEqual({ done: 0, failed: [{ handle: 'eve', message: 'Suspended already.' }] })
    await expect(fay.client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'fay' })
    const { items } = await admin.client.trpc.admin.audit.search.query({
      action: 'account_suspended',
      target: 'eve',
    })
    expect(items).toMatchObject([{ actor: { handle: 'rootadmin' }, detail: { handle: 'eve', reason } }])
  })

  it('by a filter shows everybody whom it means', async () => {
    for (const handle of ['grp-a', 'grp-b', 'grp-c']) await newPerson(one, handle)
    const { people } = admin.client.trpc.admin
    const selection = { filter: { search: 'grp-' } }
    const { token, people: shown } = await people.preview.mutate({ action: 'revokeSessions', selection })
    expect(shown.map(({ handle }) => handle)).toEqual(['grp-a', 'grp-b', 'grp-c'])
    const late = await newPerson(one, 'grp-d')
    const ids = shown.map(({ id }) => id)
    await expect(people.revokeSessions.mutate({ ids, token })).resolves.toEqual({ done: 3, failed: [] })
    await expect(late.client.trpc.auth.me.query()).resolves.toMatchObject({ handle: 'grp-d' })
  })

  it('leaves somebody who can let people in again: two administrators at once', async () => {
    const second = await newAdmin(one, 'second')
    const attempt = async (by: typeof admin, whom: typeof admin) =>
      act(by.client, 'suspend', [whom.id]).then(({ done }) => done)
    const outcomes = await Promise.allSettled([attempt(admin, second), attempt(second, admin)])
    const done = outcomes.filter((each) => each.status === 'fulfilled' && each.value === 1)
    expect(done).toHaveLength(1)
    const left = await one.database.db.query.users.findMany({ where: eq(users.role, 'admin') })
    expect(left.filter(({ suspendedAt }) => suspendedAt === null)).toHaveLength(1)
    // Whoever it was: the suite goes on with the first.
    await one.database.db.update(users).set({ suspendedAt: null }).where(eq(users.role, 'admin'))
  })
})
