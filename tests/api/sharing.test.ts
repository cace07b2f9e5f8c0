/** Sharing one's computer: who comes in, as what, and how soon that ends. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createNotifications } from '../../apps/api/src/db/notifications.ts'
import { createLog } from '../../apps/api/src/log.ts'
import { createShares } from '../../apps/api/src/sharing/shares.ts'
import { createSharingStore } from '../../apps/api/src/sharing/store.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { enter } from '../support/enter.ts'
import { type FakeRuntime, openFakeRuntime } from '../support/fake-runtime.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let fake: FakeRuntime
let api: TestApi
beforeAll(async () => {
  fake = await openFakeRuntime()
  api = await startApi({ runtime: () => fake.runtime, env: { VIEWERS_PER_INSTANCE: '3' } })
})
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  await fake?.[Symbol.asyncDispose]()
})

async function person(handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  return { client, handle, instanceId }
}

const launch = async (client: PlatformClient, handle: string) => {
  const asked = await api.ask(`${handle}.localhost`, visit('/'))
  return client.browser.navigate(asked.headers.location ?? '', { redirect: 'manual' })
}
const ask = (handle: string, cookie: string) => api.ask(`${handle}.localhost`, sameOrigin('/', cookie))

it('lets nobody in who was not invited, and a viewer under their own name', async () => {
  const owner = await person('ada1')
  const viewer = await person('bob1')
  expect((await launch(viewer.client, 'ada1')).status).toBe(403)

  await owner.client.trpc.sharing.add.mutate({ ...owner, handle: ' BOB1 ', canUseNotes: false })
  const cookie = await enter(api, viewer.client, 'ada1')
  const answer = await ask('ada1', cookie)
  expect(answer).toMatchObject({
    status: 204,
    headers: { 'x-mos-user': 'bob1', 'x-mos-role': 'viewer', 'x-mos-permissions': '' },
  })
  const own = await ask('ada1', await enter(api, owner.client, 'ada1'))
  expect(own.headers).toMatchObject({ 'x-mos-user': 'ada1', 'x-mos-role': 'owner' })
  // Commands stay the owner's.
  const input = { instanceId: owner.instanceId }
  for (const call of [
    () => viewer.client.trpc.tenants.sleep.mutate(input),
    () => viewer.client.trpc.sharing.viewers.query(input),
    () => viewer.client.trpc.sharing.add.mutate({ ...input, handle: 'bob1', canUseNotes: true }),
    () => viewer.client.trpc.sharing.remove.mutate({ ...input, handle: 'bob1' }),
  ])
    expect((await refusal(call())).code).toBe('not_found')
})

it('follows what the owner allows, and ends at once when they end it', async () => {
  const owner = await person('ada2')
  const viewer = await person('bob2')
  const share = { instanceId: owner.instanceId, handle: 'bob2' }
  await owner.client.trpc.sharing.add.mutate({ ...share, canUseNotes: true })
  const cookie = await enter(api, viewer.client, 'ada2')
  expect((await ask('ada2', cookie)).headers['x-mos-permissions']).toBe('notes')

  const [changed] = await owner.client.trpc.sharing.add.mutate({ ...share, canUseNotes: false })
  expect(changed).toMatchObject({ handle: 'bob2', canUseNotes: false })
  expect((await ask('ada2', cookie)).headers['x-mos-permissions']).toBe('')

  await expect(owner.client.trpc.sharing.remove.mutate(share)).resolves.toEqual([])
  expect((await ask('ada2', cookie)).status).toBe(403)
  expect((await launch(viewer.client, 'ada2')).status).toBe(403)
})

it('tells people what is shared with them, and lets them leave', async () => {
  const owner = await person('ada3')
  const viewer = await person('bob3')
  await owner.client.trpc.sharing.add.mutate({ ...owner, handle: 'bob3', canUseNotes: true })
  await expect(viewer.client.trpc.sharing.sharedWithMe.query()).resolves.toMatchObject([
    { instanceId: owner.instanceId, handle: 'ada3', canUseNotes: true, observed: 'running' },
  ])
  const cookie = await enter(api, viewer.client, 'ada3')
  await viewer.client.trpc.sharing.leave.mutate({ instanceId: owner.instanceId })
  expect((await ask('ada3', cookie)).status).toBe(403)
  await expect(viewer.client.trpc.sharing.sharedWithMe.query()).resolves.toEqual([])
})

it('says what is wrong with an invitation, and keeps the limit when many come at once', async () => {
  const owner = await person('ada4')
  const add = (handle: string) =>
    owner.client.trpc.sharing.add.mutate({ instanceId: owner.instanceId, handle, canUseNotes: false })
  expect(await refusal(add('nobody-at-all'))).toMatchObject({
    code: 'not_found',
    message: 'There is nobody called nobody-at-all here.',
  })
  expect((await refusal(add('ada4'))).code).toBe('invalid_input')
  for (const handle of ['v1', 'v2', 'v3', 'v4', 'v5']) await person(`guest-${handle}`)
  const added = await Promise.allSettled(['v1', 'v2', 'v3', 'v4', 'v5'].map((name) => add(`guest-${name}`)))
  expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const [one] = await owner.client.trpc.sharing.viewers.query({ instanceId: owner.instanceId })
  // Somebody who is in already is no further viewer.
  await expect(add(one?.handle ?? '')).resolves.toHaveLength(3)
  expect((await refusal(add('guest-v5').then(() => add('guest-v4')))).code).toBe('conflict')
})

it('refuses viewers where the image does not know roles', async () => {
  const owner = await person('ada5')
  const viewer = await person('bob5')
  await owner.client.trpc.sharing.add.mutate({ ...owner, handle: 'bob5', canUseNotes: false })
  const cookie = await enter(api, viewer.client, 'ada5')
  fake.readsRoles = false
  await owner.client.trpc.tenants.sleep.mutate({ instanceId: owner.instanceId })
  const row = () =>
    api.database.db.query.instances.findFirst({ where: (table, { eq }) => eq(table.handle, 'ada5') })
  await expect.poll(async () => (await row())?.observed).toBe('stopped')
  const answer = await ask('ada5', cookie)
  fake.readsRoles = true
  expect(answer.status).toBe(403)
  expect(answer.body).toContain('does not support viewers')
})

it('changes nothing that the audit log does not know of', async () => {
  const owner = await person('ada7')
  await person('bob7')
  const share = { instanceId: owner.instanceId, handle: 'bob7' }
  const viewers = () => owner.client.trpc.sharing.viewers.query({ instanceId: owner.instanceId })
  const { db } = api.database
  const breakLog = () =>
    db.execute(sql`alter table audit_log add constraint broken check (action not like 'viewer%') not valid`)
  const mendLog = () => db.execute(sql`alter table audit_log drop constraint broken`)

  await breakLog()
  const added = owner.client.trpc.sharing.add.mutate({ ...share, canUseNotes: true })
  await expect(added).rejects.toThrow()
  expect(await viewers()).toEqual([])
  await mendLog()
  await owner.client.trpc.sharing.add.mutate({ ...share, canUseNotes: true })
  await breakLog()
  await expect(owner.client.trpc.sharing.remove.mutate(share)).rejects.toThrow()
  expect(await viewers()).toMatchObject([{ handle: 'bob7' }])
  await mendLog()
})

it('reaches another api process, also when no notification arrives', async () => {
  const owner = await person('ada6')
  const viewer = await person('bob6')
  const log = createLog({ level: 'silent', part: 'test' })
  const notifications = createNotifications({ database: api.database, processId: 'other', log })
  const store = createSharingStore(api.database)
  const other = await createShares({ store, notifications, log })
  const deaf = await createShares({
    store,
    notifications: { ...notifications, subscribe: async () => async () => undefined },
    log,
  })
  const revoked: string[] = []
  for (const shares of [other, deaf]) shares.onRevoked((instanceId) => revoked.push(instanceId))
  const bob = await api.database.db.query.users.findFirst({
    where: (table, { eq }) => eq(table.handle, 'bob6'),
  })
  const ofBob = (shares: typeof other) => bob && shares.of(owner.instanceId, bob.id)
  await owner.client.trpc.sharing.add.mutate({ ...owner, handle: 'bob6', canUseNotes: true })
  await expect.poll(() => ofBob(other)).toEqual({ canUseNotes: true })
  await deaf.reload()
  expect(ofBob(deaf)).toEqual({ canUseNotes: true })
  await viewer.client.trpc.sharing.leave.mutate({ instanceId: owner.instanceId })
  await expect.poll(() => ofBob(other)).toBeUndefined()
  await deaf.reload()
  expect(ofBob(deaf)).toBeUndefined()
  expect(revoked).toEqual([owner.instanceId, owner.instanceId])
  await other.close()
})
