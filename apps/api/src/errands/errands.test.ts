/** What the platform hands to an instance: it is woken for it, and kept awake no longer than that takes. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { errands } from '../db/schema/index.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createTenantStore, type InstanceRow } from '../tenants/store.ts'
import { createHandOver } from './hand-over.ts'
import { createErrandStore, type ErrandStore } from './store.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

const store = () => createErrandStore(sleepers.database)
const wake = ({ id }: InstanceRow) =>
  createTenantStore(sleepers.database).keepAwake(id, { retry: false, isUse: false })
const expire = () => sleepers.database.db.update(errands).set({ until: sql`now() - interval '1 second'` })

async function sweep(one: Awaited<ReturnType<typeof sleepers.process>>): Promise<void> {
  one.quiet()
  await one.sweep()
}

it('stays awake while it is at work, and sleeps at once when that is over', async () => {
  const row = await sleepers.instance(undefined, { desired: 'asleep', observed: 'stopped' })
  const one = await sleepers.process('one')
  await store().begin(row.id)
  const woken = await wake(row)
  expect([woken?.desired, woken?.lastUsedAt]).toEqual(['awake', row.lastUsedAt])
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  await store().end(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('keeps nothing awake for longer than an errand may take, however often it says that it is at work', async () => {
  const row = await sleepers.instance()
  const one = await sleepers.process('one')
  await store().begin(row.id)
  await expire()
  await store().renew(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('awake')
  const long = sql`now() - interval '16 minutes'`
  await sleepers.database.db.update(errands).set({ beganAt: long, until: sql`now() - interval '1 second'` })
  await store().renew(row.id)
  await sweep(one)
  expect(await sleepers.desired(row)).toBe('asleep')
})

it('is opened again by what came while something else was finished', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  await store().end(row.id)
  await store().renew(row.id)
  const [errand] = await sleepers.database.db.select().from(errands).where(eq(errands.instanceId, row.id))
  expect(errand?.isOpen).toBe(true)
})

it('keeps nothing awake for more than half of an hour, however many errands there are', async () => {
  const row = await sleepers.instance()
  const { db } = sleepers.database
  const elapse = (minutes: number) =>
    db.update(errands).set({
      hourBeganAt: sql`${errands.hourBeganAt} - ${`${minutes} minutes`}::interval`,
      countedAt: sql`${errands.countedAt} - ${`${minutes} minutes`}::interval`,
      until: sql`now() + interval '1 minute'`,
    })
  const leftS = async () => {
    const [left] = await db
      .select({ s: sql<number>`extract(epoch from ${errands.until} - now())::float` })
      .from(errands)
    return left?.s
  }
  expect(await store().begin(row.id)).not.toBe(null)
  await elapse(14)
  await store().end(row.id)
  await elapse(10)
  expect(await store().begin(row.id)).not.toBe(null)
  await elapse(15)
  expect(await store().begin(row.id)).not.toBe(null)
  // 29 minutes were used, and the ten between two errands were not.
  expect(await leftS()).toBeGreaterThan(50)
  expect(await leftS()).toBeLessThanOrEqual(60)
  await elapse(1)
  await store().end(row.id)
  expect(await store().begin(row.id)).toBe(null)
  await store().renew(row.id)
  const [errand] = await db.select().from(errands)
  expect(errand?.isOpen).toBe(false)
  await elapse(20)
  expect(await store().begin(row.id)).not.toBe(null)
  expect(await leftS()).toBeGreaterThan(170)
})

it('wakes what said nothing only once there is time for it again', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  await sleepers.database.db.update(errands).set({ usedS: 1_800 })
  await expire()
  expect(await store().overdue()).toEqual([])
  await sleepers.database.db.update(errands).set({ hourBeganAt: sql`now() - interval '1 hour'` })
  expect(await store().overdue()).toEqual([row.id])
})

it('is woken again twice when it said nothing: it may have been killed in the middle', async () => {
  const row = await sleepers.instance()
  await store().begin(row.id)
  expect(await store().overdue()).toEqual([])
  for (const expected of [[row.id], [row.id], [], []]) {
    await expire()
    expect(await store().overdue()).toEqual(expected)
  }
})

it('is taken back where nothing else was open, and nothing was begun since', async () => {
  const row = await sleepers.instance()
  const isOpen = async () => (await sleepers.database.db.select().from(errands))[0]?.isOpen
  const first = await store().begin(row.id)
  const second = await store().begin(row.id)
  if (!first || !second) throw new Error('There is time for both.')
  expect([first.isOnly, second.isOnly]).toEqual([true, false])
  await store().retract(row.id, second)
  await store().retract(row.id, first)
  expect(await isOpen()).toBe(true)
  await store().end(row.id)
  const third = await store().begin(row.id)
  if (!third) throw new Error('There is time for it.')
  await store().retract(row.id, third)
  expect(await isOpen()).toBe(false)
})

/** An instance that answers with `status`, and what it was sent. */
async function startInstance(status: number) {
  const seen: { headers: IncomingHttpHeaders; url: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    seen.push({ headers: request.headers, url: request.url ?? '', body: await text(request) })
    response.writeHead(status).end('{"message":"So it is."}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { seen, port, [Symbol.dispose]: () => void server.close() }
}

function handOverTo(
  row: InstanceRow | null,
  trust: 'edge' | 'bearer' = 'edge',
  port = 1,
  onSettled: (isOver: boolean) => void = () => undefined,
  hasTime = true,
  retract: ErrandStore['retract'] = async () => undefined,
) {
  const address = { host: '127.0.0.1', gatewayPort: port, shellPort: null, trust }
  return createHandOver({
    hosts: { instanceOrigin: (handle: string) => `https://${handle}.test` } as Parameters<
      typeof createHandOver
    >[0]['hosts'],
    cache: { get: () => (row ? { ...row, address } : undefined) },
    tokenOf: () => 'secret',
    clock: { now: () => 1_000 },
    errands: { begin: async () => (hasTime ? { beganAt: 'now', isOnly: true } : null), retract },
    tenants: {
      ensureAwake: async () => undefined,
      waitFor: async (_, when) => {
        const awake = row && { ...row, address }
        const isOver = awake !== null && when(awake)
        onSettled(isOver)
        return isOver ? awake : null
      },
    },
  })
}
const signal = new AbortController().signal

it('hands it to the awake instance as the platform, with the bearer of images that want one', async () => {
  const row = await sleepers.instance()
  using instance = await startInstance(202)
  for (const trust of ['edge', 'bearer'] as const)
    expect(await handOverTo(row, trust, instance.port)(row.id, 'messages', { a: 1 }, signal)).toEqual({
      kind: 'taken',
    })
  const [edge, bearer] = instance.seen
  expect([edge?.url, edge?.body]).toEqual(['/api/platform/messages', '{"a":1}'])
  expect([edge?.headers['x-mos-role'], edge?.headers.authorization]).toEqual(['platform', undefined])
  expect(edge?.headers['x-forwarded-host']).toBe(`${row.handle}.test`)
  expect(bearer?.headers.authorization).toBe('Bearer secret')
})

it.each([
  [404, 'refused'],
  [400, 'refused'],
  [429, null],
  [500, null],
])('takes the answer %i for %s', async (status, kind) => {
  const row = await sleepers.instance()
  using instance = await startInstance(status)
  const retracted: string[] = []
  const retract: ErrandStore['retract'] = async (id) => void retracted.push(id)
  const nothing = () => undefined
  const handed = handOverTo(
    row,
    'edge',
    instance.port,
    nothing,
    true,
    retract,
  )(row.id, 'messages', {}, signal)
  if (kind) expect((await handed).kind).toBe(kind)
  else await expect(handed).rejects.toThrow(String(status))
  expect(retracted).toEqual([row.id])
})

it.each([
  ['suspended', { isSuspended: true }],
  ['about to be deleted', { desired: 'deleted' }],
  ['failing, and not tried again yet', { observed: 'failed', nextAttemptAt: new Date(2_000) }],
] as const)('does not wait for an instance that is %s', async (_, state) => {
  const row = { ...(await sleepers.instance()), ...state }
  let settled: unknown
  const handOver = handOverTo(row, 'edge', 1, (answer) => {
    settled = answer
  })
  await expect(handOver(row.id, 'messages', {}, signal)).rejects.toThrow('did not wake')
  expect(settled).toBe(true)
})

it('wakes nothing that has had its share of the hour, and hands over what is awake all the same', async () => {
  const asleep = await sleepers.instance(undefined, { desired: 'asleep', observed: 'stopped' })
  let waited = false
  const late = handOverTo(
    asleep,
    'edge',
    1,
    () => {
      waited = true
    },
    false,
  )
  await expect(late(asleep.id, 'messages', {}, signal)).rejects.toThrow('as long as an hour allows')
  expect(waited).toBe(false)
  const row = await sleepers.instance()
  using instance = await startInstance(202)
  const handed = handOverTo(
    row,
    'edge',
    instance.port,
    () => undefined,
    false,
  )(row.id, 'messages', {}, signal)
  expect(await handed).toEqual({ kind: 'taken' })
})

it('rejects when the instance does not wake, or does not listen', async () => {
  const row = await sleepers.instance()
  await expect(handOverTo(null)(row.id, 'messages', {}, signal)).rejects.toThrow('did not wake')
  await expect(handOverTo(row)(row.id, 'messages', {}, signal)).rejects.toThrow('ECONNREFUSED')
})
