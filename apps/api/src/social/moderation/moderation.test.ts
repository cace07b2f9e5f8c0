/** What is reported, and what administrators do about it, on a clock that the test moves. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { auditLog, feedItems, feedReports } from '../../db/schema/index.ts'
import { openFeed } from '../testing/feed.ts'
import { openPeople } from '../testing/people.ts'

type Person = Awaited<ReturnType<Awaited<ReturnType<typeof openPeople>>['person']>>

let people: Awaited<ReturnType<typeof openPeople>>
let module: Awaited<ReturnType<typeof openFeed>>
let ada: Person
let ben: Person
let now = Date.parse('2026-05-01T12:00:00Z')
const clock = { ...systemClock, now: () => ++now }
const DAY_MS = 86_400_000

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
  await people.database.db.delete(feedItems)
})

const post = (by: Person, text: string) => module.feed.post(by.id, { text, visibility: 'public' })
/** As Ben reads it. */
const texts = async () => {
  const { items } = await module.feed.page(ben.id, { scope: 'everyone', limit: 20 })
  return items.map(({ text }) => text)
}
const caller = () => ({
  principal: { how: 'session', userId: ben.id } as never,
  request: { address: '192.0.2.1' },
})

it('shows administrators what was reported, and hides what they hide from all but its author', async () => {
  const { id } = await post(ada, 'buy this')
  const report = { subject: id, reason: 'spam', note: '' } as const
  await expect(module.reports.add(ada.id, report)).rejects.toMatchObject({ code: 'invalid_input' })
  await module.reports.add(ben.id, report)
  await module.reports.add(ben.id, { ...report, note: 'Really' })
  expect(await module.moderation.openCount()).toBe(1)
  const open = await module.moderation.list({ state: 'open' })
  expect(open.items).toMatchObject([
    { subject: id, text: 'buy this', reportCount: 1, reports: [{ by: 'ben', note: 'Really' }] },
  ])
  await module.moderation.decide(caller(), { subject: id, verdict: 'hide' })
  expect(await texts()).toEqual([])
  expect(await module.feed.itemFor(ada.id, id)).toMatchObject({ isHidden: true })
  expect((await module.moderation.list({ state: 'open' })).items).toEqual([])
  expect((await module.moderation.list({ state: 'hidden' })).items).toMatchObject([{ subject: id }])
  await module.moderation.decide(caller(), { subject: id, verdict: 'show' })
  expect(await texts()).toEqual(['buy this'])
  const logged = await people.database.db.select().from(auditLog)
  expect(logged.map(({ action, target }) => [action, target])).toEqual([
    ['post_hidden', ada.id],
    ['post_shown', ada.id],
  ])
})

it('lists what was reported or hidden page by page, each once', async () => {
  const ids = new Set<string>()
  for (let at = 0; at < 23; at++) {
    const { id } = await post(ada, `post ${at}`)
    await module.reports.add(ben.id, { subject: id, reason: 'other', note: '' })
    ids.add(id)
  }
  const allOf = async (state: 'open' | 'hidden') => {
    const first = await module.moderation.list({ state })
    const cursor = first.nextCursor ?? undefined
    const second = await module.moderation.list({ state, cursor })
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([20, 3, null])
    return new Set([...first.items, ...second.items].map(({ subject }) => subject))
  }
  expect(await allOf('open')).toEqual(ids)
  for (const { subject } of (await module.moderation.list({ state: 'open' })).items)
    await module.moderation.decide(caller(), { subject, verdict: 'hide' })
  for (const { subject } of (await module.moderation.list({ state: 'open' })).items)
    await module.moderation.decide(caller(), { subject, verdict: 'hide' })
  expect(await allOf('hidden')).toEqual(ids)
})

it('keeps what was reported until it is decided, also when its author deletes it', async () => {
  const item = await post(ada, 'fine')
  const comment = await module.comments.add(ben.id, { itemId: item.id, text: 'awful' })
  await module.reports.add(ada.id, { subject: comment.id, reason: 'abuse', note: '' })
  await module.comments.remove(ben.id, comment.id)
  now += 8 * DAY_MS
  await module.deleteOld()
  const open = await module.moderation.list({ state: 'open' })
  expect(open.items).toMatchObject([{ subject: comment.id, text: 'awful', isDeleted: true }])
  await module.moderation.decide(caller(), { subject: comment.id, verdict: 'dismiss' })
  await module.deleteOld()
  expect(await people.database.db.$count(feedReports)).toBe(0)
})
