/** Publishing apps: who may, within which bounds, and what is noted of it. */
import { createApiClient } from '@matrixos/client'
import type { FeedNews } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { publicationEvents } from '../../apps/api/src/db/schema/index.ts'
import { newAdmin } from '../support/administrator.ts'
import { refusal } from '../support/api-error.ts'
import { PNG, type PublishingStack, pictureUrl, sent, startPublishing } from '../support/publishing.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let stack: PublishingStack
beforeAll(async () => {
  stack = await startPublishing()
})
afterAll(() => stack?.[Symbol.asyncDispose]())

it('publishes an app as its owner says, changes that, and takes it back', async () => {
  const ada = await stack.publisher('ada1')
  const gate = await stack.process()
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

  const { db } = stack.api.database
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

it('tells feeds that are open, once anyone may open an app and no more', async () => {
  const ada = await stack.publisher('ada12')
  const bob = await stack.publisher('bob12')
  const news: FeedNews[] = []
  const watch = bob.client.trpc.feed.watch.subscribe({}, { onData: ({ data }) => news.push(data) })
  const newest = () => news.at(-1)?.everyone
  await expect.poll(newest).toBeNull()
  await ada.publish.mutate(ada.terms({ mode: 'viewers' }))
  await ada.update.mutate(ada.terms({ mode: 'public' }))
  await expect.poll(newest).toMatch(/^itm_/)
  await ada.unpublish.mutate(ada.terms())
  await expect.poll(newest).toBeNull()
  watch.unsubscribe()
})

it('is done by nobody but the owner: no stranger, no viewer, no other token, no instance by itself', async () => {
  const ada = await stack.publisher('ada2')
  const bob = await stack.publisher('bob2')
  await ada.client.trpc.sharing.add.mutate({ instanceId: ada.instanceId, handle: 'bob2', canUseNotes: true })
  await ada.publish.mutate(ada.terms())
  const others = { list: bob.list.query, publish: bob.publish.mutate, update: bob.update.mutate }
  for (const call of [...Object.values(others), bob.unpublish.mutate])
    expect((await refusal(call(ada.terms()))).code).toBe('not_found')
  const put = await bob.client.browser.fetch(pictureUrl(ada), sent(PNG))
  expect(put.status).toBe(404)
  expect((await bob.client.browser.fetch(pictureUrl(ada))).status).toBe(404)
  expect((await stack.api.client().browser.fetch(pictureUrl(ada))).status).toBe(401)

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

  const env = stack.given.get('ada2')
  for (const token of [env?.MATRIX_AUTH_TOKEN, env?.ANTHROPIC_API_KEY]) {
    expect(token).toBeTruthy()
    const instance = createApiClient({ url, token: token ?? '' }).publishing
    expect((await refusal(instance.publish.mutate(ada.terms({ app: 'evil' })))).code).toBe('unauthorized')
  }
  const { publications: all } = await ada.list.query(ada.terms())
  expect(all.map(({ app }) => app)).toEqual(['pong', 'snake'])
})

it('takes no more than an instance may have, also when many come at once, and forgets the oldest unpublished', async () => {
  const ada = await stack.publisher('ada3')
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
  const ada = await stack.publisher('ada10')
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
  const ada = await stack.publisher('ada4')
  const root = await newAdmin(stack.api, 'root4')
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

  const gate = await stack.process()
  expect(gate.of(ada.instanceId, 'snake')).toBeDefined()
  gate.allow(false)
  expect(gate.of(ada.instanceId, 'snake')).toBeUndefined()
  expect(gate.withdrawn).toContain('snake')
  gate.allow(true)
  expect(gate.of(ada.instanceId, 'snake')).toBeDefined()
  await gate.close()
})

it('publishes nothing where the image does not know apps', async () => {
  stack.fake.readsApps = false
  const ada = await stack.publisher('ada6')
  stack.fake.readsApps = true
  expect(await refusal(ada.publish.mutate(ada.terms()))).toMatchObject({
    code: 'conflict',
    message: /does not support apps/,
  })
})

it('changes nothing that the audit log does not know of', async () => {
  const ada = await stack.publisher('ada8')
  const { db } = stack.api.database
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
