/** What webhooks are told of the feed: what their owners may see, and nothing of whom they muted. */
import { mentionsIn, newId } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { blocks, feedItems, follows, webhooks } from '../../db/schema/index.ts'
import { createFollowsStore } from '../follows/store.ts'
import { openPeople } from '../testing/people.ts'
import { createCommentStore } from './comment-store.ts'
import { createFeedStore } from './store.ts'
import type { FeedEvent } from './told.ts'

type Person = Awaited<ReturnType<Awaited<ReturnType<typeof openPeople>>['person']>>

let people: Awaited<ReturnType<typeof openPeople>>
let ada: Person
let ben: Person
/** Listens. */
let cleo: Person
let told: FeedEvent[] = []
const tell = async (_: unknown, events: readonly FeedEvent[]) => void told.push(...events)
beforeAll(async () => {
  people = await openPeople()
  ada = await people.person('ada')
  ben = await people.person('ben')
  cleo = await people.person('cleo')
  const sealed = { keyVersion: 1, iv: new Uint8Array(), ciphertext: new Uint8Array() }
  await people.database.db.insert(webhooks).values({
    ...{ id: newId('whk', systemClock), userId: cleo.id, url: 'https://example.org', groups: ['feed'] },
    ...{ createdAt: new Date(), ...sealed },
  })
}, 180_000)
afterAll(() => people.close())
beforeEach(async () => {
  for (const table of [feedItems, follows, blocks]) await people.database.db.delete(table)
  told = []
})

async function post(by: Person, text: string, visibility: 'public' | 'followers' | 'private' = 'public') {
  const id = newId('itm', systemClock)
  const item = { id, authorId: by.id, text, visibility, createdAt: new Date() }
  const store = createFeedStore(people.database, tell)
  await store.insert({ ...item, actor: 'human', kind: 'post' }, mentionsIn(text))
  return id
}
async function comment(by: Person, itemId: `itm_${string}`, text: string) {
  const given = { id: newId('cmt', systemClock), itemId, authorId: by.id, text, createdAt: new Date() }
  await createCommentStore(people.database, tell).insert(given, mentionsIn(text))
}
const relate = (blocker: Person, blocked: Person, kind: 'block' | 'mute') =>
  people.database.db.insert(blocks).values({ blocker: blocker.id, blocked: blocked.id, kind, at: new Date() })
/** Of what is told to somebody else than whoever wrote it. */
const types = () => told.filter(({ type }) => type !== 'feed.posted').map(({ type }) => type)

it('tells whom a post mentions, if they may read it', async () => {
  await post(ada, 'for me: @cleo', 'private')
  await post(ada, 'for mine: @cleo', 'followers')
  expect(types()).toEqual([])
  await people.database.db.insert(follows).values({ follower: cleo.id, followee: ada.id, at: new Date() })
  const itemId = await post(ada, 'for mine: @cleo', 'followers')
  expect(told.at(0)).toMatchObject({ type: 'feed.posted' })
  expect(told.filter(({ type }) => type === 'feed.mentioned')).toMatchObject([
    { userId: cleo.id, data: { itemId, commentId: null, by: 'ada', text: 'for mine: @cleo' } },
  ])
})

it('tells whom a comment mentions, and once who wrote what it is about', async () => {
  const itemId = await post(ada, 'hello')
  await comment(ben, itemId, 'see @cleo')
  expect(types().sort()).toEqual(['feed.commented', 'feed.mentioned'])
  told = []
  await comment(ben, await post(cleo, 'mine'), 'see @cleo')
  expect(types()).toEqual(['feed.commented'])
})

it('tells nothing of a comment by somebody who is blocked, or on what cannot be seen', async () => {
  const open = await post(ada, 'hello')
  const own = await post(ada, 'hello', 'private')
  await comment(ada, own, '@cleo')
  await relate(ben, cleo, 'block')
  await comment(ben, open, '@cleo')
  expect(types()).toEqual(['feed.commented'])
  expect(told.at(-1)?.userId).toBe(ada.id)
})

it('tells nothing of what somebody does who is muted', async () => {
  const itemId = await post(cleo, 'hello')
  await relate(cleo, ben, 'mute')
  await comment(ben, itemId, 'hi')
  await createFeedStore(people.database, tell).like(itemId, ben.id, new Date())
  await createFollowsStore(people.database, tell).follow(ben.id, cleo.id, new Date(), 9)
  await post(ben, '@cleo')
  expect(types()).toEqual([])
})

it('tells of a like and of a follower once, and of none that is not new', async () => {
  const itemId = await post(cleo, 'hello')
  const [feed, following] = [
    createFeedStore(people.database, tell),
    createFollowsStore(people.database, tell),
  ]
  await feed.like(itemId, cleo.id, new Date())
  for (const _ of [1, 2]) {
    await feed.like(itemId, ben.id, new Date())
    await following.follow(ben.id, cleo.id, new Date(), 9)
  }
  expect(types()).toEqual(['feed.liked', 'feed.followed'])
})
