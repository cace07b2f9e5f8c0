/** What open pages are told of the feed, and how often the database is asked for it. */
import type { FeedNews, UserId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import { createFeedLive, LOOK_EVERY_MS } from './live.ts'

const ADA: UserId = 'usr_ada'
const idOf = (at: number) => `itm_${at}` as const

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A feed of so many items, and pages that are open on it. */
async function open(pages = 1) {
  let items = 0
  let looks = 0
  const told: FeedNews[] = []
  const live = await createFeedLive({
    pages: {
      newest: async (_, { scope }) => {
        if (scope === 'everyone') looks++
        return idOf(items)
      },
      mentionsSince: async () => 0,
    },
    mentionsReadAt: async () => null,
    notifications: silentNotifications,
    onOpenApps: () => () => undefined,
  })
  const gone = new AbortController()
  const read = async () => {
    for await (const news of live.watch(ADA, gone.signal)) told.push(news)
  }
  const reading = Array.from({ length: pages }, read)
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  await pass(0)
  return {
    told,
    pass,
    looks: () => looks,
    post: () => live.announce(idOf(++items)),
    async [Symbol.asyncDispose]() {
      gone.abort()
      await Promise.all(reading)
      await live.close()
    },
  }
}

it('tells at once of what comes after a rest', async () => {
  await using feed = await open()
  feed.post()
  await feed.pass(0)
  expect(feed.told.map(({ everyone }) => everyone)).toEqual([idOf(0), idOf(1)])
})

it('looks once a second, however much is posted, and tells of the last of it', async () => {
  await using feed = await open()
  for (let at = 0; at < 50; at++) {
    feed.post()
    await feed.pass(0)
  }
  expect(feed.looks()).toBe(2)
  await feed.pass(LOOK_EVERY_MS)
  expect(feed.looks()).toBe(3)
  expect(feed.told.map(({ everyone }) => everyone)).toEqual([idOf(0), idOf(1), idOf(50)])
  await feed.pass(10 * LOOK_EVERY_MS)
  expect(feed.looks()).toBe(3)
})

it('looks for all open pages in the same round', async () => {
  await using feed = await open(3)
  for (let at = 0; at < 10; at++) {
    feed.post()
    await feed.pass(LOOK_EVERY_MS / 10)
  }
  expect(feed.looks()).toBe(3 + 3 + 3)
  expect(feed.told.filter(({ everyone }) => everyone === idOf(10))).toHaveLength(3)
})

it('asks nothing more once it is closed', async () => {
  const feed = await open()
  feed.post()
  feed.post()
  await feed[Symbol.asyncDispose]()
  const before = feed.looks()
  await feed.pass(10 * LOOK_EVERY_MS)
  expect(feed.looks()).toBe(before)
  expect(vi.getTimerCount()).toBe(0)
})
