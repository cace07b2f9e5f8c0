/** What somebody wrote for some reaches nobody else, by whatever way of asking the api has. */
import { signUp } from '@matrixos/client'
import { type FeedVisibility, newId, type UserId } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../apps/api/src/clock.ts'
import { feedItems, instances, users } from '../../apps/api/src/db/schema/index.ts'
import { startApi, type TestApi } from '../support/api.ts'

const VISIBILITIES: FeedVisibility[] = ['public', 'followers', 'private']
const secretOf = (visibility: FeedVisibility) => `secret-${visibility}-7f3a`

type Who = 'stranger' | 'follower' | 'other' | 'blocked' | 'author'
/** What each may find, at most. */
const MAY: Record<Who, FeedVisibility[]> = {
  stranger: ['public'],
  follower: ['public', 'followers'],
  other: ['public'],
  blocked: [],
  author: VISIBILITIES,
}

/** Who finds whom the author's AI met: one who blocks the follower. */
const MAY_KNOW: Record<Who, boolean> = {
  ...{ stranger: true, follower: false, other: true, blocked: false, author: true },
}
const MET = 'shy-person'

let api: TestApi
let author: PlatformClient
const people = {} as Record<Who, { client: PlatformClient; headers: Record<string, string> }>
const ids = {} as Record<FeedVisibility | 'met', `itm_${string}`>

beforeAll(async () => {
  api = await startApi({ pretended: true })
  for (const who of ['author', 'follower', 'other', 'blocked'] as const) {
    const client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: who })
    const { token } = await client.trpc.tokens.create.mutate({ name: 'test', scopes: ['feed:read'] })
    people[who] = { client, headers: { authorization: `Bearer ${token}` } }
  }
  people.stranger = { client: api.client(), headers: {} }
  author = people.author.client
  await people.follower.client.trpc.social.follow.mutate({ handle: 'author' })
  await people.blocked.client.trpc.social.follow.mutate({ handle: 'author' })
  await author.trpc.social.block.mutate({ handle: 'blocked', kind: 'block' })
  for (const visibility of VISIBILITIES) {
    const text = `${secretOf(visibility)} for @follower, @other and @blocked`
    const { id } = await author.trpc.feed.post.mutate({ text, visibility })
    ids[visibility] = id
    await author.trpc.feed.comments.add.mutate({
      itemId: id,
      text: `${secretOf(visibility)} @other @blocked`,
    })
  }
  const shy = api.client()
  await signUp({ client: shy, authenticator: createAuthenticator(), handle: MET })
  await shy.trpc.social.block.mutate({ handle: 'follower', kind: 'block' })
  ids.met = await meeting(await idOf('author'), await idOf(MET))
}, 120_000)

async function idOf(handle: string): Promise<UserId> {
  const [row] = await api.database.db.select({ id: users.id }).from(users).where(eq(users.handle, handle))
  if (!row) throw new Error(`${handle} has not signed up.`)
  return row.id
}
/** For everyone, or nothing but followers could be seen to find it. */
async function meeting(authorId: UserId, metUser: UserId) {
  const id = newId('itm', systemClock)
  const item = { actor: 'ai', kind: 'met', text: '', visibility: 'public', createdAt: new Date() } as const
  await api.database.db.insert(feedItems).values({ id, authorId, metUser, ...item })
  return id
}
afterAll(() => api[Symbol.asyncDispose]())

/** An answer as text, also a refusal. */
const textOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(JSON.stringify, (error: unknown) => String(error))

function byTrpc({ trpc }: PlatformClient): Promise<string>[] {
  const scopes = (['everyone', 'following', 'mentions'] as const).map((scope) => ({ scope }))
  return [
    ...scopes.map((query) => textOf(trpc.feed.list.query(query))),
    textOf(trpc.feed.list.query({ scope: 'person', handle: 'author' })),
    ...Object.values(ids).flatMap((itemId) => [
      textOf(trpc.feed.get.query({ itemId })),
      textOf(trpc.feed.comments.list.query({ itemId })),
      textOf(trpc.feed.like.mutate({ itemId, isLiked: true })),
    ]),
    textOf(trpc.feed.state.query()),
    textOf(trpc.social.profile.query({ handle: 'author' })),
    textOf(trpc.social.search.query({ text: 'secret' })),
  ]
}

function byHttp(who: Who): Promise<string>[] {
  const { hosts, browser } = people[who].client
  const paths = [
    ...['', '?scope=following', '?scope=mentions', '?scope=person&handle=author'].map(
      (more) => `/feed${more}`,
    ),
    ...Object.values(ids).flatMap((id) => [`/feed/${id}`, `/feed/${id}/comments`]),
    '/users/author/profile',
    '/users/search?text=secret',
  ]
  const { headers } = people[who]
  return paths.map(async (path) => (await browser.fetch(`${hosts.apiOrigin}${path}`, { headers })).text())
}

/** Feed readers sign in nowhere: whatever is sent along, they get what strangers see. */
function bySyndication(who: Who): Promise<string>[] {
  const { hosts, browser } = people[who].client
  const paths = ['rss', 'atom', 'json'].flatMap((format) => [
    `/feed.${format}`,
    `/users/author/feed.${format}`,
  ])
  const { headers } = people[who]
  return paths.map(async (path) => (await browser.fetch(`${hosts.apiOrigin}${path}`, { headers })).text())
}

describe.each(Object.keys(MAY) as Who[])('a %s', (who) => {
  const found = (texts: string[]) =>
    VISIBILITIES.filter((visibility) => texts.some((text) => text.includes(secretOf(visibility))))

  it('finds by tRPC what is for them, and nothing else', async () => {
    expect(found(await Promise.all(byTrpc(people[who].client)))).toEqual(MAY[who])
  })

  it('finds over plain HTTP what is for them, and nothing else', async () => {
    expect(found(await Promise.all(byHttp(who)))).toEqual(MAY[who])
  })

  it('finds whom an AI met where they see both, by every way', async () => {
    const texts = (await Promise.all([...byTrpc(people[who].client), ...byHttp(who)])).join('\n')
    expect([texts.includes(ids.met), texts.includes(MET)]).toEqual([MAY_KNOW[who], MAY_KNOW[who]])
    // What strangers see, whoever asks.
    for (const text of await Promise.all(bySyndication(who))) expect(text).toContain(`met ${MET}’s AI`)
  })

  it('finds in RSS, Atom and JSON Feed what is for everyone, each time', async () => {
    for (const text of await Promise.all(bySyndication(who))) expect(found([text])).toEqual(['public'])
  })
})

/** What takes an author, or what they wrote, from everybody else, and gives it back. */
const WITHDRAWN: Record<string, (authorId: UserId, isSo: boolean) => Promise<unknown>> = {
  'hidden by an administrator': (authorId, isSo) =>
    api.database.db
      .update(feedItems)
      .set({ hiddenAt: isSo ? new Date() : null })
      .where(eq(feedItems.authorId, authorId)),
  'by somebody suspended': (authorId, isSo) =>
    api.database.db
      .update(users)
      .set({ suspendedAt: isSo ? new Date() : null })
      .where(eq(users.id, authorId)),
  'by somebody who is leaving': (authorId, isSo) =>
    api.database.db
      .update(instances)
      .set({ desired: isSo ? 'leaving' : 'awake' })
      .where(eq(instances.userId, authorId)),
}

describe.each(Object.entries(WITHDRAWN))('what is %s', (_, withdraw) => {
  const READERS: Who[] = ['stranger', 'follower', 'other', 'blocked']
  const everyWay = async (who: Who) =>
    (await Promise.all([...byTrpc(people[who].client), ...byHttp(who), ...bySyndication(who)])).join('\n')

  it('is found by nobody else, by any way, and by all as before once that is over', async () => {
    const authorId = await idOf('author')
    await withdraw(authorId, true)
    try {
      for (const who of READERS) expect(await everyWay(who), who).not.toContain('secret-')
    } finally {
      await withdraw(authorId, false)
    }
    expect(await everyWay('follower')).toContain(secretOf('followers'))
    expect(await everyWay('stranger')).toContain(secretOf('public'))
  })
})

describe('what a person wrote who is muted', () => {
  it('is in no list of whoever mutes them, and is read where it is asked for', async () => {
    const { client, headers } = people.other
    await client.trpc.social.block.mutate({ handle: 'author', kind: 'mute' })
    const { hosts, browser } = client
    const scopes = ['everyone', 'following', 'mentions'] as const
    const lists = [
      ...scopes.map((scope) => textOf(client.trpc.feed.list.query({ scope }))),
      ...scopes.map(async (scope) =>
        (await browser.fetch(`${hosts.apiOrigin}/feed?scope=${scope}`, { headers })).text(),
      ),
    ]
    expect((await Promise.all(lists)).join()).not.toContain('secret-')
    expect(await textOf(client.trpc.feed.get.query({ itemId: ids.public }))).toContain(secretOf('public'))
  })
})
