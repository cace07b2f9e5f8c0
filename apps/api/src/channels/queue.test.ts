import type { InstanceId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { channelMessages, channels, instances } from '../db/schema/index.ts'
import { signUp } from '../quota/ledger/testing/people.ts'
import { type Books, openBooks } from '../quota/testing/books.ts'
import { createQueue } from './queue.ts'

let books: Books
let instanceId: InstanceId
const sealed = { keyVersion: 1, iv: new Uint8Array(12), ciphertext: new Uint8Array(32) }
beforeAll(async () => {
  books = await openBooks()
  instanceId = (await signUp(books.database, 'ada', 'mosai_a')).instanceId
}, 180_000)
afterAll(() => books[Symbol.asyncDispose]())
beforeEach(async () => {
  await books.database.db.delete(channels)
  const row = { id: 'c', instanceId, kind: 'telegram', createdAt: new Date() } as const
  await books.database.db.insert(channels).values({ ...row, ...sealed })
})

const queueOf = (processId: string, mostWaiting = 100) =>
  createQueue({ db: books.database.db, processId, mostWaiting })
const arrived = (eventId: string, conversation = 'telegram-1') => ({
  channelId: 'c',
  eventId,
  conversation,
  ...sealed,
})
const eventsOf = (rows: { eventId: string }[]) => rows.map(({ eventId }) => eventId).sort()
/** The database's own clock cannot be moved. */
const expireLeases = () =>
  books.database.db.update(channelMessages).set({ leaseUntil: sql`now() - interval '1 second'` })
const makeDue = () => books.database.db.update(channelMessages).set({ nextAttemptAt: sql`now()` })

it('stores what is delivered again once, also at the same moment and to two processes', async () => {
  const [one, two] = [queueOf('one'), queueOf('two')]
  const outcomes = await Promise.all([one, two, one, two].map((queue) => queue.put(arrived('1'))))
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1)
  const [row] = await one.claim(5)
  if (row) await one.finish(row)
  expect(await two.put(arrived('1'))).toBe('known')
  expect(await two.claim(5)).toEqual([])
})

it('forgets what a message said as soon as it is over', async () => {
  const queue = queueOf('one')
  await queue.put(arrived('1'))
  const [row] = await queue.claim(5)
  if (row) await queue.finish(row)
  expect(await books.database.db.select().from(channelMessages)).toMatchObject([
    { ciphertext: null, iv: null, leaseOwner: null },
  ])
})

it('gives each message to one process, the first of its conversation before the next', async () => {
  const [one, two] = [queueOf('one'), queueOf('two')]
  for (const [event, conversation] of [
    ['1', 'a'],
    ['2', 'a'],
    ['3', 'b'],
  ] as const)
    await one.put(arrived(event, conversation))
  const first = await one.claim(5)
  expect(eventsOf(first)).toEqual(['1', '3'])
  expect(first[0]?.instanceId).toBe(instanceId)
  expect(await two.claim(5)).toEqual([])
  for (const row of first) await one.finish(row)
  expect(eventsOf(await two.claim(5))).toEqual(['2'])
})

it('takes over what a process had that died, and lets that one finish nothing any more', async () => {
  const [dead, alive] = [queueOf('dead'), queueOf('alive')]
  await dead.put(arrived('1'))
  const [before] = await dead.claim(5)
  await expireLeases()
  const [row] = await alive.claim(5)
  expect(row?.attempts).toBe(2)
  if (before) await dead.finish(before)
  expect((await books.database.db.select().from(channelMessages))[0]?.doneAt).toBe(null)
})

it('leaves what is renewed with its process', async () => {
  const [one, two] = [queueOf('one'), queueOf('two')]
  await one.put(arrived('1'))
  const rows = await one.claim(5)
  await expireLeases()
  await one.renew(rows)
  expect(await two.claim(5)).toEqual([])
  await one.release()
  expect(eventsOf(await two.claim(5))).toEqual(['1'])
})

it('holds back what comes after one that is tried again', async () => {
  const queue = queueOf('one')
  await queue.put(arrived('1'))
  await queue.put(arrived('2'))
  const [row] = await queue.claim(5)
  if (row) await queue.postpone(row)
  expect(await queue.claim(5)).toEqual([])
  await makeDue()
  expect(eventsOf(await queue.claim(5))).toEqual(['1'])
})

it('gives one channel no more than a share of what is on its way, whoever asks', async () => {
  const [one, two] = [queueOf('one'), queueOf('two')]
  for (const name of ['1', '2', '3', '4', '5', '6']) await one.put(arrived(name, name))
  const other = { id: 'other', instanceId, kind: 'slack', createdAt: new Date() } as const
  await books.database.db.insert(channels).values({ ...other, ...sealed })
  await one.put({ ...arrived('7'), channelId: 'other' })
  const first = await one.claim(16)
  expect(eventsOf(first)).toEqual(['1', '2', '3', '4', '7'])
  expect(await two.claim(16)).toEqual([])
  if (first[0]) await one.finish(first[0])
  expect(eventsOf(await two.claim(16))).toEqual(['5'])
})

it.each([{ isSuspended: true }, { desired: 'deleted' as const }])(
  'keeps what is for an instance to which nobody may hand anything: %o',
  async (state) => {
    const { db } = books.database
    const queue = queueOf('one')
    await queue.put(arrived('1'))
    await db.update(instances).set(state)
    expect(await queue.claim(5)).toEqual([])
    await db.update(instances).set({ isSuspended: false, desired: 'awake' })
    expect(eventsOf(await queue.claim(5))).toEqual(['1'])
  },
)

it('takes no more than may wait', async () => {
  const queue = queueOf('one', 2)
  expect([await queue.put(arrived('1')), await queue.put(arrived('2'))]).toEqual(['stored', 'stored'])
  expect(await queue.put(arrived('3'))).toBe('full')
  expect(await queue.put(arrived('2'))).toBe('known')
})

it('remembers for days what was delivered, and no longer', async () => {
  const queue = queueOf('one')
  await queue.put(arrived('1'))
  const [row] = await queue.claim(5)
  if (row) await queue.finish(row)
  await queue.deleteOld()
  expect(await queue.put(arrived('1'))).toBe('known')
  await books.database.db.update(channelMessages).set({ doneAt: sql`now() - interval '4 days'` })
  await queue.deleteOld()
  expect(await queue.put(arrived('1'))).toBe('stored')
})
