/** Notices by the database's own clock: each once, whoever looks and whoever dies. */
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { instanceEvents, instances, lifeNotices } from '../../db/schema/index.ts'
import type { Mail } from '../../ports/mailer.ts'
import { openSleepers } from '../idle/testing/sleepers.ts'
import type { Descent } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import { createNoticeDelivery } from './delivery.ts'
import { createNoticeStore } from './store.ts'

const DAY_MS = 86_400_000
const ASLEEP = { desired: 'asleep', observed: 'stopped' } as const
const after = (days: number): Descent[] => [
  { plan: 'standard', from: 'asleep', isFailed: false, to: 'archived', afterMs: days * DAY_MS },
]

let sleepers: Awaited<ReturnType<typeof openSleepers>>
let store: ReturnType<typeof createNoticeStore>
beforeAll(async () => {
  sleepers = await openSleepers()
  store = createNoticeStore(sleepers.database)
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

const told = async () =>
  (await sleepers.database.db.select().from(instanceEvents)).map(({ kind, detail }) => `${kind} ${detail}`)
const set = (row: InstanceRow, change: object) =>
  sleepers.database.db.update(instances).set(change).where(eq(instances.id, row.id))
const unused = (row: InstanceRow, days: number) =>
  set(row, { lastUsedAt: sql`now() - ${`${days} days`}::interval` })

interface Process {
  send?: (mail: Mail) => Promise<void>
  addressOf?: () => Promise<string | null>
  finish?: typeof store.finish
}

function process({ send, addressOf = async () => 'ada@example.com', finish = store.finish }: Process = {}) {
  const mails: Mail[] = []
  const delivery = createNoticeDelivery({
    ...{ store: { ...store, finish }, addressOf, appOrigin: 'https://app.example.com' },
    mailer: { send: send ?? (async (mail) => void mails.push(mail)) },
    urlOf: (handle) => `https://${handle}.example.com`,
    clock: { now: Date.now },
    log: pino({ level: 'silent' }),
  })
  return { run: delivery.run, mails }
}
/** As if the time until the next attempt were over. */
const pass = () =>
  sleepers.database.db
    .update(lifeNotices)
    .set({ nextAttemptAt: sql`now()` })
    .where(sql`${lifeNotices.nextAttemptAt} is not null`)

it('tells 14, 7 and 1 days before, each once, however many look', async () => {
  const row = await sleepers.instance(0, ASLEEP)
  for (const [days, events] of [
    [15, 0],
    [16.5, 1],
    [22, 1],
    [23.5, 2],
    [29.5, 3],
    [31, 3],
  ] as const) {
    const period = new Date('2026-01-01')
    await set(row, { lastUsedAt: period })
    const spent = Date.now() - period.getTime()
    const descents = after(30 - days + spent / DAY_MS)
    await Promise.all([store.noteArchives(descents), store.noteArchives(descents)])
    expect(await told(), `after ${days} days`).toHaveLength(events)
  }
  expect(await told()).toEqual(['archive_soon 14', 'archive_soon 7', 'archive_soon 1'])
})

it('tells the one that counts where several have become due, and each again after the next stretch', async () => {
  const row = await sleepers.instance(0, ASLEEP)
  await unused(row, 29.5)
  await store.noteArchives(after(30))
  await unused(row, 1)
  await store.noteArchives(after(30))
  await unused(row, 29.5)
  await store.noteArchives(after(30))
  expect(await told()).toEqual(['archive_soon 1', 'archive_soon 1'])
})

it.each([
  ['what is packed away within hours anyway', 1.5, after(1.9), {}],
  ['what is not packed away at all', 29.5, [], {}],
  ['who is suspended', 29.5, after(30), { isSuspended: true }],
  ['who uses it', 29.5, after(30), { desired: 'awake' }],
])('does not tell of %s', async (_whom, days, descents, change) => {
  const row = await sleepers.instance(0, ASLEEP)
  await unused(row, days)
  if (Object.keys(change).length > 0) await set(row, change)
  await store.noteArchives(descents)
  expect(await told()).toEqual([])
})

it('sends each mail once, from whichever process', async () => {
  const row = await sleepers.instance(0, ASLEEP)
  await unused(row, 23.5)
  await store.noteArchives(after(30))
  const processes = [process(), process()]
  await Promise.all(processes.map(({ run }) => run()))
  await pass()
  await Promise.all(processes.map(({ run }) => run()))
  const mails = processes.flatMap((each) => each.mails)
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).toContain(`https://${row.handle}.example.com`)
  expect(mails[0]?.text).toContain('Nothing is deleted')
})

it('sends it again under the same id where a kill hid that it was sent, and where the server refused it', async () => {
  const row = await sleepers.instance(0, ASLEEP)
  await unused(row, 23.5)
  await store.noteArchives(after(30))
  const refused = process({ send: () => Promise.reject(new Error('421 Try again later.')) })
  await refused.run()
  await pass()
  const killed = process({ finish: () => Promise.reject(new Error('It was killed.')) })
  await killed.run()
  await pass()
  const next = process()
  await next.run()
  expect(next.mails).toHaveLength(1)
  expect(next.mails[0]?.messageId).toBe(killed.mails[0]?.messageId)
  await pass()
  await next.run()
  expect(next.mails).toHaveLength(1)
})

it('sends nothing to who came back meanwhile, or confirmed no address', async () => {
  const [back, mute] = [await sleepers.instance(0, ASLEEP), await sleepers.instance(0, ASLEEP)]
  for (const row of [back, mute]) await unused(row, 23.5)
  await store.noteArchives(after(30))
  await unused(back, 0)
  const { run, mails } = process({ addressOf: async () => null })
  await run()
  expect(mails).toEqual([])
  await pass()
  const later = process()
  await later.run()
  expect(later.mails).toEqual([])
})

it('tells how a deletion is undone, once for each', async () => {
  const row = await sleepers.instance(0)
  const { run, mails } = process()
  const due = (days: number) =>
    set(row, { desired: 'leaving', deletionDueAt: sql`now() + ${`${days} days`}::interval` })
  await due(7)
  await store.noteDeletions()
  await store.noteDeletions()
  await run()
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).toContain('Keep my computer')
  await set(row, { desired: 'awake', deletionDueAt: null })
  await due(7)
  await store.noteDeletions()
  await set(row, { desired: 'awake', deletionDueAt: null })
  await run()
  expect(mails).toHaveLength(1)
  await due(7)
  await store.noteDeletions()
  await run()
  expect(mails).toHaveLength(2)
})
