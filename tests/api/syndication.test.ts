/** The feed for programs that read feeds: what anyone may see of it, and nothing else; and what webhooks tell of it. */
import { signUp } from '@matrixos/client'
import type { FeedVisibility } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { WEBHOOKS_TO_PRIVATE_NETWORKS: '1' } })
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

async function person(handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client.trpc
}

const get = (path: string) => api.client().browser.fetch(`${api.client().hosts.apiOrigin}${path}`)
const EVERY = ['/feed.rss', '/feed.atom', '/feed.json'] as const
const VISIBILITIES: FeedVisibility[] = ['public', 'followers', 'private']

describe('a feed reader', () => {
  it('is told what is public, of everyone and of one person, in each format', async () => {
    const ada = await person('ada')
    for (const visibility of VISIBILITIES)
      await ada.feed.post.mutate({ text: `my ${visibility} words`, visibility })
    for (const path of [...EVERY, ...EVERY.map((each) => `/users/ada${each}`)]) {
      const answer = await get(path)
      const text = await answer.text()
      expect([path, answer.status]).toEqual([path, 200])
      expect(text).toContain('my public words')
      expect(text).not.toMatch(/my (followers|private) words/)
    }
    expect((await get('/feed.json')).headers.get('content-type')).toMatch(/^application\/feed\+json/)
    expect((await get('/users/nobody-at-all/feed.rss')).status).toBe(404)
  })

  it.each(['%00', 'a'.repeat(65), '%F0%9F%99%82'])('finds nobody called %s', async (handle) => {
    for (const path of [`/users/${handle}/feed.rss`, `/avatars/${handle}`, `/app-pictures/${handle}/notes`])
      expect([path, (await get(path)).status]).toEqual([path, 404])
  })

  it('gets what somebody deleted no more, and is told by a mark that nothing changed', async () => {
    const bob = await person('bob')
    const item = await bob.feed.post.mutate({ text: 'soon gone', visibility: 'public' })
    const tag = (await get('/users/bob/feed.json')).headers.get('etag') ?? ''
    const ask = () =>
      api.client().browser.fetch(`${api.client().hosts.apiOrigin}/users/bob/feed.json`, {
        headers: { 'if-none-match': tag },
      })
    expect((await ask()).status).toBe(304)
    await bob.feed.remove.mutate({ itemId: item.id })
    const after = await ask()
    expect([after.status, await after.text()]).toEqual([200, expect.not.stringContaining('soon gone')])
  })

  it('cannot be given markup by what people write', async () => {
    const cleo = await person('cleo')
    const text = 'a]]>]]><script>alert(1)</script>&amp;'
    await cleo.feed.post.mutate({ text, visibility: 'public' })
    for (const path of EVERY) expect(await (await get(`/users/cleo${path}`)).text()).not.toContain('<script')
    const { items } = await (await get('/users/cleo/feed.json')).json()
    expect(items[0].content_html).toContain('&lt;script&gt;')
  })
})

it('tells a webhook what its owner posts, and what others make of it', async () => {
  const [dora, eve] = [await person('dora'), await person('eve')]
  await using receiver = await startWebhookReceiver()
  await dora.webhooks.create.mutate({ url: receiver.url, groups: ['feed'] })
  const { id: itemId } = await dora.feed.post.mutate({ text: 'hello', visibility: 'public' })
  await dora.feed.comments.add.mutate({ itemId, text: 'mine' })
  await eve.feed.comments.add.mutate({ itemId, text: 'yours' })
  await eve.feed.like.mutate({ itemId, isLiked: true })
  await eve.social.follow.mutate({ handle: 'dora' })
  const { id: theirs } = await eve.feed.post.mutate({ text: 'Ask @dora', visibility: 'public' })
  const told = await until('all are told', () => receiver.received.length >= 5 && receiver.received)
  const events = told.map(({ body }) => JSON.parse(body)).sort((a, b) => a.type.localeCompare(b.type))
  expect(events).toMatchObject([
    { type: 'feed.commented', data: { itemId, comment: { by: 'eve', text: 'yours' } } },
    { type: 'feed.followed', data: { by: 'eve' } },
    { type: 'feed.liked', data: { itemId, by: 'eve' } },
    { type: 'feed.mentioned', data: { itemId: theirs, commentId: null, by: 'eve', text: 'Ask @dora' } },
    { type: 'feed.posted', data: { item: { id: itemId, text: 'hello', visibility: 'public' } } },
  ])
})
