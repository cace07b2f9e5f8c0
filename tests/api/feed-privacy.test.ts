/** What somebody wrote for some reaches nobody else, by whatever way of asking the api has. */
import { signUp } from '@matrixos/client'
import type { FeedVisibility } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

let api: TestApi
let author: PlatformClient
const people = {} as Record<Who, { client: PlatformClient; headers: Record<string, string> }>
const ids = {} as Record<FeedVisibility, `itm_${string}`>

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
}, 120_000)
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

  it('finds in RSS, Atom and JSON Feed what is for everyone, each time', async () => {
    for (const text of await Promise.all(bySyndication(who))) expect(found([text])).toEqual(['public'])
  })
})
