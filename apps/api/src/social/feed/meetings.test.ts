/** What is told of two AIs that met: in the name of each owner who lets it be, and to nobody who does not see both. */
import type { FeedSettings } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Tx } from '../../db/database.ts'
import { blocks, feedItems, feedSettings, follows } from '../../db/schema/index.ts'
import { openFeed } from '../testing/feed.ts'
import { openPeople } from '../testing/people.ts'
import type { FeedEvent } from './told.ts'

type Person = Awaited<ReturnType<Awaited<ReturnType<typeof openPeople>>['person']>>

let people: Awaited<ReturnType<typeof openPeople>>
let module: Awaited<ReturnType<typeof openFeed>>
let ada: Person
let ben: Person
/** Follows Ada. */
let cleo: Person
let told: FeedEvent[] = []

beforeAll(async () => {
  people = await openPeople()
  const [first, second, third] = ['ada', 'ben', 'cleo'].map((handle) => people.person(handle))
  ;[ada, ben, cleo] = [await first, await second, await third] as [Person, Person, Person]
  const tell = async (_: unknown, events: readonly FeedEvent[]) => void told.push(...events)
  module = await openFeed({ ...people, clock: systemClock, tell })
}, 180_000)
afterAll(async () => {
  await module.close()
  await people.close()
})
beforeEach(async () => {
  const { db } = people.database
  for (const table of [feedItems, feedSettings, follows, blocks]) await db.delete(table)
  await db.insert(follows).values({ follower: cleo.id, followee: ada.id, at: new Date() })
  told = []
})

const meet = () =>
  people.database.db.transaction((tx: Tx) => module.meetings.met(tx, [ada.instanceId, ben.instanceId]))
const read = async (viewer: Person) =>
  (await module.feed.page(viewer.id, { scope: 'following', limit: 20 })).items
const set = (person: Person, milestones: FeedSettings['milestones']) =>
  module.feed.change(person.id, { milestones, posts: 'off' })
const block = (blocker: Person, blocked: Person) =>
  people.database.db
    .insert(blocks)
    .values({ blocker: blocker.id, blocked: blocked.id, kind: 'block', at: new Date() })

it('tells followers of each owner of whom their AI met, and the owners’ webhooks', async () => {
  expect(await meet()).toHaveLength(2)
  const item = { kind: 'met', actor: 'ai', visibility: 'followers', text: '' }
  const ofAda = { ...item, author: { handle: 'ada' }, met: { handle: 'ben', displayName: 'ben' } }
  expect(await read(cleo)).toMatchObject([ofAda])
  expect(await read(ada)).toMatchObject([ofAda])
  expect(await read(ben)).toMatchObject([{ ...item, author: { handle: 'ben' }, met: { handle: 'ada' } }])
  expect((await module.feed.page(null, { scope: 'everyone', limit: 20 })).items).toEqual([])
  expect(told.map(({ userId, type, data }) => ({ userId, type, data }))).toMatchObject([
    { userId: ada.id, type: 'feed.posted', data: { item: { kind: 'met', met: 'ben' } } },
    { userId: ben.id, type: 'feed.posted', data: { item: { kind: 'met', met: 'ada' } } },
  ])
})

it('says nothing for an owner who wants nothing said, and asks who wants to be asked', async () => {
  await set(ada, 'off')
  await set(ben, 'ask')
  await meet()
  expect([await read(ada), await read(ben), told]).toEqual([[], [], []])
  const { asked } = await module.feed.state(ben.id)
  expect(asked).toMatchObject([{ kind: 'met', met: { handle: 'ada' } }])
  await module.feed.approve(ben.id, asked[0]?.id ?? 'itm_')
  expect(await read(ben)).toMatchObject([{ kind: 'met' }])
  expect(told).toMatchObject([{ userId: ben.id, data: { item: { met: 'ada' } } }])
})

it('asks no more about whom its owner does not see any more', async () => {
  await set(ben, 'ask')
  await meet()
  const [item] = (await module.feed.state(ben.id)).asked
  await block(ada, ben)
  expect((await module.feed.state(ben.id)).asked).toEqual([])
  await expect(module.feed.approve(ben.id, item?.id ?? 'itm_')).rejects.toMatchObject({ code: 'not_found' })
})

it('says nothing of two of whom one blocks the other', async () => {
  await block(ben, ada)
  expect(await meet()).toEqual([])
  expect(told).toEqual([])
})

it('asks about so much at a time and no more', async () => {
  await set(ben, 'ask')
  for (let at = 0; at < 21; at++) await meet()
  expect((await module.feed.state(ben.id)).asked).toHaveLength(20)
  expect(await people.database.db.$count(feedItems)).toBe(41)
})
