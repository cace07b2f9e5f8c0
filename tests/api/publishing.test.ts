/** Publishing apps: who may, what the gate knows of it, and how soon that ends. */
import { createApiClient, deleteInstance, signUp, waitUntilRunning } from '@matrixos/client'
import { type InstanceEnv, PICTURE_BYTES, type PublishInput } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createNotifications } from '../../apps/api/src/db/notifications.ts'
import { publicationEvents, publicationPictures, publications } from '../../apps/api/src/db/schema/index.ts'
import { createLog } from '../../apps/api/src/log.ts'
import { createPictureStore } from '../../apps/api/src/publishing/picture-store.ts'
import { createPreviewPictures } from '../../apps/api/src/publishing/preview-pictures.ts'
import { createPublications } from '../../apps/api/src/publishing/publications.ts'
import { createPublishingStore } from '../../apps/api/src/publishing/store.ts'
import { newAdmin } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { type FakeRuntime, openFakeRuntime } from '../support/fake-runtime.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let fake: FakeRuntime
let api: TestApi
/** What each instance was given, by its handle. */
const given = new Map<string, InstanceEnv>()
beforeAll(async () => {
  fake = await openFakeRuntime()
  const { runtime } = fake
  const start: typeof runtime.start = (spec) => {
    given.set(spec.handle, spec.env)
    return runtime.start(spec)
  }
  api = await startApi({
    runtime: () => ({ ...runtime, start }),
    env: { PUBLICATIONS_PER_INSTANCE: '3' },
  })
})
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  await fake?.[Symbol.asyncDispose]()
})

async function person(handle: string) {
  const client = api.client()
  const authenticator = createAuthenticator()
  await signUp({ client, authenticator, handle })
  await waitUntilRunning(client)
  const { id: instanceId } = await client.trpc.tenants.mine.query()
  const terms = (change: Partial<PublishInput> = {}) =>
    ({ instanceId, app: 'snake', mode: 'public', title: 'Snake', ...change }) as const
  const { list, publish, update, unpublish } = client.trpc.publishing
  return { client, authenticator, handle, instanceId, terms, list, publish, update, unpublish }
}

/** What another api process knows; `allow` switches publishing there. */
async function process({ isDeaf = false } = {}) {
  const log = createLog({ level: 'silent', part: 'test' })
  const notifications = createNotifications({ database: api.database, processId: 'other', log })
  const silence = { ...notifications, subscribe: async () => async () => undefined }
  let isAllowed = true
  let switched = () => {}
  const rows = await api.database.db.query.instances.findMany()
  const { hosts } = api.client()
  const known = await createPublications({
    store: createPublishingStore(api.database),
    notifications: isDeaf ? silence : notifications,
    isAllowed: () => isAllowed,
    onSwitched: (listener) => {
      switched = listener
      return () => undefined
    },
    cache: { get: (id) => rows.find((row) => row.id === id) },
    hosts,
    log,
  })
  const withdrawn: string[] = []
  known.onWithdrawn((_instanceId, app) => withdrawn.push(app))
  return {
    ...known,
    withdrawn,
    allow: (next: boolean) => {
      isAllowed = next
      switched()
    },
  }
}

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const pictureUrl = ({ client, instanceId }: Awaited<ReturnType<typeof person>>, app = 'snake') =>
  `${client.hosts.appOrigin}/publication-picture?instance=${instanceId}&app=${app}`
const sent = (body: Uint8Array, method = 'PUT') => ({ method, body, headers: { 'x-mos': '1' } })

it('publishes an app as its owner says, changes that, and takes it back', async () => {
  const ada = await person('ada1')
  const gate = await process()
  expect(await ada.list.query({ instanceId: ada.instanceId })).toEqual({ isAllowed: true, publications: [] })

  const { publications: made } = await ada.publish.mutate(
    ada.terms({ title: ' Snake ', description: 'For two.', visitorCredits: '2.50' }),
  )
  expect(made).toMatchObject([
    { app: 'snake', mode: 'public', title: 'Snake', visitorCredits: '2.50', pictureVersion: null },
  ])
  expect(made[0]?.url).toMatch(/^http:\/\/snake--ada1\.localhost:\d+$/)
  await expect
    .poll(() => gate.of(ada.instanceId, 'snake'))
    .toEqual({
      ...{ mode: 'public', visitorCreditNano: 2_500_000_000n },
      preview: { title: 'Snake', description: 'For two.', pictureUrl: null },
    })
  expect(gate.of(ada.instanceId, 'other')).toBeUndefined()

  await ada.update.mutate(ada.terms({ mode: 'viewers' }))
  await expect.poll(() => gate.of(ada.instanceId, 'snake')?.mode).toBe('viewers')
  expect(gate.of(ada.instanceId, 'snake')?.visitorCreditNano).toBe(0n)

  const { publications: left } = await ada.unpublish.mutate(ada.terms())
  expect(left).toMatchObject([{ app: 'snake', publishedAt: null, mode: 'viewers' }])
  await expect.poll(() => gate.of(ada.instanceId, 'snake')).toBeUndefined()
  expect(gate.withdrawn).toEqual(['snake', 'snake'])
  expect((await refusal(ada.update.mutate(ada.terms()))).code).toBe('conflict')

  const { db } = api.database
  const events = await db.select().from(publicationEvents)
  expect(events.map(({ app, kind, title }) => [app, kind, title])).toEqual([
    ['snake', 'published', 'Snake'],
    ['snake', 'withdrawn', 'Snake'],
  ])
  const log = await db.query.auditLog.findMany({
    where: (table, { and, eq, like }) => and(eq(table.target, ada.instanceId), like(table.action, 'app\\_%')),
    orderBy: (table, { asc }) => asc(table.id),
  })
  expect(log.map(({ action, detail }) => [action, detail.app])).toEqual([
    ['app_published', 'snake'],
    ['app_publication_changed', 'snake'],
    ['app_unpublished', 'snake'],
  ])
  await gate.close()
})

it('is done by nobody but the owner: no stranger, no viewer, no other token, no instance by itself', async () => {
  const ada = await person('ada2')
  const bob = await person('bob2')
  await ada.client.trpc.sharing.add.mutate({ instanceId: ada.instanceId, handle: 'bob2', canUseNotes: true })
  await ada.publish.mutate(ada.terms())
  const others = { list: bob.list.query, publish: bob.publish.mutate, update: bob.update.mutate }
  for (const call of [...Object.values(others), bob.unpublish.mutate])
    expect((await refusal(call(ada.terms()))).code).toBe('not_found')
  const put = await bob.client.browser.fetch(pictureUrl(ada), sent(PNG))
  expect(put.status).toBe(404)
  expect((await bob.client.browser.fetch(pictureUrl(ada))).status).toBe(404)
  expect((await api.client().browser.fetch(pictureUrl(ada))).status).toBe(401)

  const { apiOrigin: url } = ada.client.hosts
  const byToken = async (scopes: ('tenant:read' | 'tenant:control')[]) => {
    const { token } = await ada.client.trpc.tokens.create.mutate({ name: 'test', scopes })
    return createApiClient({ url, token }).publishing
  }
  const reader = await byToken(['tenant:read'])
  expect((await reader.list.query(ada.terms())).publications).toHaveLength(1)
  expect((await refusal(reader.unpublish.mutate(ada.terms()))).code).toBe('forbidden')
  const owner = await byToken(['tenant:control'])
  await owner.publish.mutate(ada.terms({ app: 'pong' }))

  const env = given.get('ada2')
  for (const token of [env?.MATRIX_AUTH_TOKEN, env?.ANTHROPIC_API_KEY]) {
    expect(token).toBeTruthy()
    const instance = createApiClient({ url, token: token ?? '' }).publishing
    expect((await refusal(instance.publish.mutate(ada.terms({ app: 'evil' })))).code).toBe('unauthorized')
  }
  const { publications: all } = await ada.list.query(ada.terms())
  expect(all.map(({ app }) => app)).toEqual(['pong', 'snake'])
})

it('takes no more than an instance may have, also when many come at once, and forgets the oldest unpublished', async () => {
  const ada = await person('ada3')
  const publish = (app: string) => ada.publish.mutate(ada.terms({ app }))
  const made = await Promise.allSettled(['aaa', 'bbb', 'ccc', 'ddd', 'eee'].map(publish))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const { publications: had } = await ada.list.query(ada.terms())
  const [first] = had.map(({ app }) => app)
  expect(await refusal(publish('fff'))).toMatchObject({
    code: 'conflict',
    message: /3 published apps at most/,
  })
  // What is published already is no further one.
  await publish(first ?? '')
  await ada.unpublish.mutate({ instanceId: ada.instanceId, app: first ?? '' })
  const { publications: now } = await publish('fff')
  expect(now.map(({ app }) => app)).toEqual([...had.map(({ app }) => app).slice(1), 'fff'])
})

it('refuses what is no app, and texts and amounts beyond their bounds', async () => {
  const ada = await person('ada10')
  for (const change of [
    { app: 'Snake!' },
    { title: '  ' },
    { title: 'x'.repeat(81) },
    { title: 'Snake\u202E' },
    { description: 'x'.repeat(201) },
    { visitorCredits: '1000.01' },
    { visitorCredits: '-1' },
  ])
    expect((await refusal(ada.publish.mutate(ada.terms(change)))).code).toBe('invalid_input')
})

it('refuses, admits nobody and keeps everything while an administrator has it switched off', async () => {
  const ada = await person('ada4')
  const root = await newAdmin(api, 'root4')
  const { settings } = root.client.trpc.admin
  const set = (value: 'on' | 'off') => settings.set.mutate({ name: 'publishing', value })
  expect((await settings.get.query()).publishing).toMatchObject({ value: 'on', default: 'on' })
  await ada.publish.mutate(ada.terms())
  await set('off')
  expect(await refusal(ada.publish.mutate(ada.terms()))).toMatchObject({
    code: 'forbidden',
    message: /Only an administrator can switch it on/,
  })
  expect(await ada.list.query(ada.terms())).toMatchObject({
    isAllowed: false,
    publications: [{ app: 'snake' }],
  })
  const { publications: left } = await ada.unpublish.mutate(ada.terms())
  expect(left).toMatchObject([{ publishedAt: null }])
  await set('on')
  await ada.publish.mutate(ada.terms())

  const gate = await process()
  expect(gate.of(ada.instanceId, 'snake')).toBeDefined()
  gate.allow(false)
  expect(gate.of(ada.instanceId, 'snake')).toBeUndefined()
  expect(gate.withdrawn).toContain('snake')
  gate.allow(true)
  expect(gate.of(ada.instanceId, 'snake')).toBeDefined()
  await gate.close()
})

it('keeps a picture that is one, for its owner, and shows it to anyone while the app is public', async () => {
  const ada = await person('ada5')
  const gate = await process()
  const preview = createPreviewPictures({
    pictureStore: createPictureStore(api.database),
    publications: gate,
  })
  const shown = async () => preview(ada.instanceId, 'snake')
  const put = (body: Uint8Array, init = {}) =>
    ada.client.browser.fetch(pictureUrl(ada), { ...sent(body), ...init })
  expect((await put(PNG)).status).toBe(404)
  await ada.publish.mutate(ada.terms())
  const html = new TextEncoder().encode('<svg onload=alert(1)>')
  for (const wrong of [html, new Uint8Array(PICTURE_BYTES + 1)]) expect((await put(wrong)).status).toBe(400)
  expect((await put(PNG, { headers: {} })).status).toBe(403)
  expect((await put(PNG, { from: ada.client.hosts.instanceOrigin('ada5') })).status).toBe(403)
  expect(await shown()).toBeNull()

  const answer = await put(PNG)
  expect(answer.status).toBe(200)
  const own = await ada.client.browser.fetch(pictureUrl(ada))
  expect(new Uint8Array(await own.arrayBuffer())).toEqual(PNG)
  expect(Object.fromEntries(own.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  await expect
    .poll(() => gate.of(ada.instanceId, 'snake')?.preview.pictureUrl)
    .toMatch(/^http:\/\/snake--ada5\.localhost:\d+\/\.mos\/preview\.png\?v=\w/)
  expect(await shown()).toMatchObject({ body: PNG, headers: { 'content-type': 'image/png' } })

  await ada.update.mutate(ada.terms({ mode: 'viewers' }))
  await expect.poll(shown).toBeNull()
  await ada.update.mutate(ada.terms())
  await expect.poll(shown).not.toBeNull()
  await ada.unpublish.mutate(ada.terms())
  await expect.poll(shown).toBeNull()
  // Published again, it looks as it did.
  await ada.publish.mutate(ada.terms())
  await expect.poll(shown).toMatchObject({ body: PNG })
  await ada.client.browser.fetch(pictureUrl(ada), sent(new Uint8Array(), 'DELETE'))
  await expect.poll(shown).toBeNull()
  await gate.close()
})

it('publishes nothing where the image does not know apps', async () => {
  fake.readsApps = false
  const ada = await person('ada6')
  fake.readsApps = true
  expect(await refusal(ada.publish.mutate(ada.terms()))).toMatchObject({
    code: 'conflict',
    message: /does not support apps/,
  })
})

it('reaches another api process, also when no notification arrives', async () => {
  const ada = await person('ada7')
  const gates = [await process(), await process({ isDeaf: true })] as const
  const [, deaf] = gates
  await ada.publish.mutate(ada.terms())
  await deaf.reload()
  for (const gate of gates)
    await expect.poll(() => gate.of(ada.instanceId, 'snake')?.preview.title).toBe('Snake')
  await ada.unpublish.mutate(ada.terms())
  await deaf.reload()
  for (const gate of gates) await expect.poll(() => gate.of(ada.instanceId, 'snake')).toBeUndefined()
  expect(gates.map(({ withdrawn }) => withdrawn)).toEqual([['snake'], ['snake']])
  await gates[0].close()
})

it('changes nothing that the audit log does not know of', async () => {
  const ada = await person('ada8')
  const { db } = api.database
  const breakLog = () =>
    db.execute(sql`alter table audit_log add constraint broken check (action not like 'app%') not valid`)
  const mendLog = () => db.execute(sql`alter table audit_log drop constraint broken`)
  const published = async () =>
    (await ada.list.query(ada.terms())).publications.filter(({ publishedAt }) => publishedAt !== null)

  await breakLog()
  await expect(ada.publish.mutate(ada.terms())).rejects.toThrow()
  expect(await published()).toEqual([])
  await mendLog()
  await ada.publish.mutate(ada.terms())
  await breakLog()
  await expect(ada.unpublish.mutate(ada.terms())).rejects.toThrow()
  expect(await published()).toHaveLength(1)
  await mendLog()
})

it('is gone with the account', async () => {
  const ada = await person('ada9')
  const { db } = api.database
  await ada.publish.mutate(ada.terms())
  await ada.client.browser.fetch(pictureUrl(ada), sent(PNG))
  const count = async () => {
    const of = (table: typeof publications | typeof publicationPictures | typeof publicationEvents) =>
      db.$count(table, sql`instance_id = ${ada.instanceId}`)
    return Promise.all([of(publications), of(publicationPictures), of(publicationEvents)])
  }
  expect(await count()).toEqual([1, 1, 1])
  await deleteInstance(ada.client, 'ada9')
  await expect.poll(count, { timeout: 20_000 }).toEqual([0, 0, 0])
})
