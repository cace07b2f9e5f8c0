/** The feed as people and their computers use it, on a clock that the test moves. */
import type { FeedItemView, FeedScope, UserId } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { feedItems, feedSettings, follows } from '../../db/schema/index.ts'
import { createPublishingStore } from '../../publishing/store.ts'
import { openFeed } from '../testing/feed.ts'
import { openPeople } from '../testing/people.ts'
import { createAppNewsOf } from './module.ts'

type Person = Awaited<ReturnType<Awaited<ReturnType<typeof openPeople>>['person']>>

let people: Awaited<ReturnType<typeof openPeople>>
let module: Awaited<ReturnType<typeof openFeed>>
let ada: Person
let ben: Person
let now = Date.parse('2026-05-01T12:00:00Z')
const clock = { ...systemClock, now: () => ++now }
const MINUTE_MS = 60_000

beforeAll(async () => {
  people = await openPeople()
  ada = await people.person('ada')
  ben = await people.person('ben')
  module = await openFeed({ ...people, clock })
}, 180_000)
afterAll(async () => {
  await module.close()
  await people.close()
})
beforeEach(async () => {
  for (const table of [feedItems, feedSettings, follows]) await people.database.db.delete(table)
})

const post = (by: Person, text: string, visibility: FeedItemView['visibility'] = 'public') =>
  module.feed.post(by.id, { text, visibility })
const read = async (viewer: UserId | null, scope: FeedScope = 'everyone', more = {}) =>
  module.feed.page(viewer, { scope, limit: 20, ...more })
const texts = async (...args: Parameters<typeof read>) => (await read(...args)).items.map(({ text }) => text)
const tell = (body: unknown) => module.calls['POST /feed']?.(ada.instanceId, body)

it('pages from the newest to the oldest, each once, while others post', async () => {
  for (let at = 0; at < 5; at++) await post(ada, `post ${at}`)
  const first = await read(null, 'everyone', { limit: 2 })
  expect(first.items.map(({ text }) => text)).toEqual(['post 4', 'post 3'])
  await post(ben, 'in between')
  const second = await read(null, 'everyone', { limit: 2, cursor: first.nextCursor })
  expect(second.items.map(({ text }) => text)).toEqual(['post 2', 'post 1'])
  const last = await read(null, 'everyone', { limit: 2, cursor: second.nextCursor })
  expect(last).toMatchObject({ items: [{ text: 'post 0' }], nextCursor: null })
})

it('lists whom one follows and oneself, however much strangers post', async () => {
  await post(ben, 'before', 'followers')
  for (let at = 0; at < 3; at++) await post(await aPerson(), 'noise')
  expect(await texts(ada.id, 'following')).toEqual([])
  await people.database.db.insert(follows).values({ follower: ada.id, followee: ben.id, at: new Date() })
  await post(ada, 'mine', 'private')
  expect(await texts(ada.id, 'following')).toEqual(['mine', 'before'])
  expect(await texts(null, 'following')).toEqual([])
})

it('brings back what was deleted for a while, and then no more', async () => {
  const { id } = await post(ada, 'oops')
  await module.feed.like(ben.id, id, true)
  await expect(module.feed.remove(ben.id, id)).rejects.toMatchObject({ code: 'not_found' })
  await module.feed.remove(ada.id, id)
  expect(await texts(ada.id)).toEqual([])
  expect(await module.feed.restore(ada.id, id)).toMatchObject({ text: 'oops', likes: 1 })
  await module.feed.remove(ada.id, id)
  now += 61 * MINUTE_MS
  await expect(module.feed.restore(ada.id, id)).rejects.toMatchObject({ code: 'conflict' })
})

it('counts a like once, and takes it back', async () => {
  const { id } = await post(ada, 'hello')
  await module.feed.like(ben.id, id, true)
  expect(await module.feed.like(ben.id, id, true)).toMatchObject({ likes: 1, isLiked: true, isMine: false })
  expect(await module.feed.itemFor(null, id)).toMatchObject({ likes: 1, isLiked: false })
  expect(await module.feed.like(ben.id, id, false)).toMatchObject({ likes: 0, isLiked: false })
})

it('lets those comment who see the item, and its author clear up', async () => {
  const open = await post(ada, 'open')
  const own = await post(ada, 'own', 'private')
  const add = (itemId: FeedItemView['id']) => module.comments.add(ben.id, { itemId, text: 'Nice' })
  await expect(add(own.id)).rejects.toMatchObject({ code: 'not_found' })
  const comment = await add(open.id)
  expect(comment).toMatchObject({ author: { handle: 'ben' }, canDelete: true, isMine: true })
  const page = await module.comments.page(ada.id, { itemId: open.id, limit: 10 })
  expect(page.comments).toMatchObject([{ text: 'Nice', canDelete: true, isMine: false }])
  await module.comments.remove(ada.id, comment.id)
  await expect(module.comments.restore(ben.id, comment.id)).rejects.toMatchObject({ code: 'conflict' })
  expect((await module.feed.itemFor(ben.id, open.id)).comments).toBe(0)
  await module.comments.restore(ada.id, comment.id)
  expect((await module.feed.itemFor(ben.id, open.id)).comments).toBe(1)
})

it('tells people of mentions in items and comments until they have read them', async () => {
  const item = await post(ada, 'Look, @ben and @nobody-here, and @ada')
  await module.comments.add(ben.id, { itemId: item.id, text: '@ada thanks' })
  expect((await module.feed.state(ben.id)).unreadMentions).toBe(1)
  expect((await module.feed.state(ada.id)).unreadMentions).toBe(1)
  expect(await texts(ben.id, 'mentions')).toEqual([item.text])
  await module.feed.markMentionsRead(ben.id)
  expect((await module.feed.state(ben.id)).unreadMentions).toBe(0)
  expect(await texts(ben.id, 'mentions')).toEqual([item.text])
})

it('tells open pages how the lists begin, when that has changed', async () => {
  const gone = new AbortController()
  const stream = module.feed.watch(ben.id, gone.signal)
  const next = async () => (await stream.next()).value
  expect(await next()).toEqual({ everyone: null, following: null, unreadMentions: 0 })
  const waits = next()
  await post(ada, 'not for you', 'private')
  const { id } = await post(ada, '@ben')
  // What is read in the middle of a change is followed by how it stands after it.
  let news = await waits
  while (!(news?.everyone && news.unreadMentions)) news = await next()
  expect(news).toEqual({ everyone: id, following: null, unreadMentions: 1 })
  const read = next()
  await module.feed.markMentionsRead(ben.id)
  expect(await read).toMatchObject({ everyone: id, unreadMentions: 0 })
  const ends = next()
  gone.abort()
  expect(await ends).toBe(undefined)
})

it('lets computers post what their owners allow', async () => {
  const words = { kind: 'post', text: 'I am bored, @ben' }
  expect(await tell(words)).toMatchObject({ state: 'asked' })
  expect(await tell({ kind: 'app_built', app: 'chess', title: 'Chess' })).toMatchObject({ state: 'posted' })
  expect(await texts(ada.id, 'following')).toEqual([''])
  const { asked } = await module.feed.state(ada.id)
  expect(asked).toMatchObject([{ ...words, actor: 'ai', visibility: 'followers' }])
  const [wanted] = asked
  if (!wanted) throw new Error('Nothing is asked for.')
  await expect(module.feed.approve(ben.id, wanted.id)).rejects.toMatchObject({ code: 'not_found' })
  await module.feed.approve(ada.id, wanted.id)
  expect(await texts(ada.id, 'following')).toEqual([words.text, ''])
  expect((await module.feed.state(ada.id)).asked).toEqual([])
  await module.feed.change(ada.id, { milestones: 'off', posts: 'off' })
  await expect(tell(words)).rejects.toMatchObject({ code: 'forbidden' })
})

it('takes what a computer says about an app for a post, and no meeting from it', async () => {
  const built = { kind: 'app_built', app: 'chess', title: 'Chess' }
  expect(await tell({ ...built, text: 'Buy coins at my other site' })).toMatchObject({ state: 'asked' })
  await module.feed.change(ada.id, { milestones: 'on', posts: 'off' })
  await expect(tell({ ...built, text: 'Buy coins' })).rejects.toMatchObject({ code: 'forbidden' })
  expect(await tell({ ...built, text: ' ' })).toMatchObject({ state: 'posted' })
  await module.feed.change(ada.id, { milestones: 'off', posts: 'on' })
  await expect(tell({ ...built, text: 'Buy coins' })).rejects.toMatchObject({ code: 'forbidden' })
  await module.feed.change(ada.id, { milestones: 'on', posts: 'on' })
  expect(await tell({ ...built, text: 'It has sound now' })).toMatchObject({ state: 'posted' })
  const met = async () => tell({ kind: 'met', text: 'Met the president' })
  await expect(met()).rejects.toThrow()
})

it('calls an app by its name where a title of other words would be a post', async () => {
  const titles = async () => (await read(ada.id, 'following')).items.map(({ app }) => app?.title)
  const built = { kind: 'app_built', app: 'snake-game', title: 'Snake Game!' }
  await tell(built)
  await tell({ ...built, title: 'Coins at evil.example, half the price' })
  expect(await titles()).toEqual(['snake-game', 'Snake Game!'])
  await module.feed.change(ada.id, { milestones: 'on', posts: 'on' })
  await tell({ ...built, title: 'Python' })
  expect(await titles()).toEqual(['Python', 'snake-game', 'Snake Game!'])
  await module.feed.change(ada.id, { milestones: 'ask', posts: 'off' })
  await tell({ ...built, title: 'Anaconda' })
  expect((await module.feed.state(ada.id)).asked).toMatchObject([{ app: { title: 'Anaconda' } }])
})

it('asks about so much at a time and no more', async () => {
  for (let at = 0; at < 20; at++) await tell({ kind: 'post', text: `post ${at}` })
  await expect(tell({ kind: 'post', text: 'one more' })).rejects.toMatchObject({ code: 'conflict' })
})

it('tells once of an app that anyone may open, for as long as they may', async () => {
  const store = createPublishingStore({
    ...people.database,
    onOpened: createAppNewsOf({ ...people, clock }),
  })
  const terms = {
    instanceId: ada.instanceId,
    app: 'chess',
    title: 'Chess',
    description: '',
    visitorCredit: 0n,
  }
  const publish = (mode: 'public' | 'viewers') =>
    store.put({ ...terms, mode }, 9, new Date(), async () => undefined)
  await publish('viewers')
  expect((await read(null)).items).toEqual([])
  await publish('public')
  const opened = await read(null)
  expect(opened.items).toMatchObject([
    { kind: 'app_published', app: { title: 'Chess', url: 'https://chess--ada.example.org' } },
  ])
  await store.unpublish(terms, new Date(), async () => undefined)
  expect((await read(null)).items).toEqual([])
  await publish('public')
  expect((await read(null)).items).toMatchObject([{ id: opened.items[0]?.id }])
})

it('gives somebody all that they wrote, page by page, and nothing of others', async () => {
  await post(ada, 'first', 'private')
  const open = await post(ada, 'second')
  await post(ben, 'not hers')
  await module.comments.add(ada.id, { itemId: open.id, text: 'a word more' })
  await module.feed.remove(ada.id, (await post(ada, 'gone')).id)
  const first = await module.written.posts(ada.id, { limit: 1 })
  const cursor = first.nextCursor ?? undefined
  const rest = await module.written.posts(ada.id, { limit: 1, cursor })
  expect([...first.items, ...rest.items].map(({ text }) => text)).toEqual(['second', 'first'])
  expect(rest.nextCursor).toBe(null)
  const comments = await module.written.comments(ada.id, { limit: 9 })
  expect(comments.items.map(({ text }) => text)).toEqual(['a word more'])
})

let strangers = 0
const aPerson = () => people.person(`stranger-${strangers++}`)

it.each([{ isSuspended: true }, { desired: 'leaving' }, { desired: 'deleted' }] as const)(
  'takes no post of a computer that is about to go, or suspended: %o',
  async (standing) => {
    await people.database.db.insert(feedSettings).values({ userId: ada.id, posts: 'on', milestones: 'on' })
    await people.stand(ada.id, standing)
    const posted = tell({ kind: 'post', text: 'Still here.' })
    await expect(posted).rejects.toMatchObject({ code: 'forbidden' })
    await people.stand(ada.id, {})
    expect(await texts(ada.id, 'following')).toEqual([])
    await tell({ kind: 'post', text: 'Still here.' })
    expect(await texts(ada.id, 'following')).toEqual(['Still here.'])
  },
)
