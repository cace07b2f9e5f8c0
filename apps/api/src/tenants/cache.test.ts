import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Notice, Subscriber } from '../db/notifications.ts'
import { createInstanceCache } from './cache.ts'
import type { InstanceRow } from './store.ts'
import { waitForRow, watchRow } from './wait.ts'

function rowOf(handle: string, version = 1): InstanceRow {
  const at = new Date(0)
  const wishes = {
    desired: 'awake',
    observed: 'creating',
    observedAt: at,
    step: null,
    error: null,
    hasRun: true,
  } as const
  const lease = { leaseOwner: null, leaseUntil: null, failures: 0, nextAttemptAt: null, address: null }
  const tier = { plan: 'standard', tierEndsAt: null } as const
  const open = { closingAt: null, closingTier: 'asleep', closingIdleMs: 0 } as const
  const ids = {
    id: newId('ins', systemClock),
    userId: newId('usr', systemClock),
    handle,
    slot: null,
    doneSteps: [],
    aiTokenGeneration: 1,
    tokenGeneration: 1,
    hasRun: false,
    image: 'i',
  }
  return {
    ...ids,
    ...wishes,
    ...lease,
    ...tier,
    ...open,
    closingSeen: [],
    formerImage: null,
    formerGeneration: null,
    startLimitMs: null,
    diskLevel: null,
    throttledAt: null,
    throttleEndedAt: null,
    generation: 1,
    isSuspended: false,
    version,
    lastUsedAt: at,
    createdAt: at,
    deletionDueAt: null,
  }
}

/** A table that answers when told to, and a channel that remembers what was said. */
async function setUp(rows: InstanceRow[]) {
  const table = new Map(rows.map((row) => [row.id, row]))
  const said: unknown[] = []
  const heard: Subscriber<'instances'>[] = []
  const reads = { all: 0, one: 0 }
  let hold: Promise<void> = Promise.resolve()
  let failures = 0
  const cache = await createInstanceCache({
    log: pino({ level: 'silent' }),
    store: {
      all: async () => {
        reads.all++
        const answer = [...table.values()]
        await hold
        if (failures-- > 0) throw new Error('The database is away.')
        return answer
      },
      byId: async (id) => {
        reads.one++
        if (failures-- > 0) throw new Error('The database is away.')
        return table.get(id) ?? null
      },
    },
    notifications: {
      subscribe: async (topic, subscriber) => {
        if (topic === 'instances') heard.push(subscriber as Subscriber<'instances'>)
        return async () => {}
      },
      publish: (_topic, notice) => void said.push(notice),
    },
  })
  return {
    cache,
    table,
    said,
    reads,
    hear: (notice: Notice<'instances'>) => heard[0]?.onNotice(notice),
    reconnect: () => heard[0]?.onConnected(),
    slow: (until: Promise<void>) => (hold = until),
    fail: (times: number) => (failures = times),
  }
}

const soon = () => AbortSignal.timeout(2_000)

it('keeps a row that was made while the table was being read', async () => {
  const { cache, slow } = await setUp([])
  const read = Promise.withResolvers<void>()
  slow(read.promise)
  const reloading = cache.reload()
  const row = cache.publish(rowOf('newborn'))
  read.resolve()
  await reloading
  expect(cache.get(row.id)).toBe(row)
})

it('drops a row that is gone, and tells whoever waits', async () => {
  const row = rowOf('leaving')
  const { cache, table } = await setUp([row])
  const waiting = waitForRow(cache, row.id, () => false, soon())
  table.delete(row.id)
  await cache.reload()
  await expect(waiting).resolves.toBeNull()
  expect(cache.ofHandle('leaving')).toBeUndefined()
})

it('tells other processes of what it wrote, also when it has read it already', async () => {
  const row = rowOf('told')
  const { cache, table, said } = await setUp([row])
  const written = { ...row, version: 2 }
  table.set(row.id, written)
  await cache.reload()
  cache.publish(written)
  expect(said).toEqual([{ id: row.id }])
})

it('reads again what another process wrote, and ignores older rows', async () => {
  const row = rowOf('shared')
  const { cache, table, hear } = await setUp([row])
  const newer = { ...row, version: 3 }
  table.set(row.id, newer)
  hear({ id: row.id })
  await expect(waitForRow(cache, row.id, ({ version }) => version === 3, soon())).resolves.toBe(newer)
  cache.publish({ ...row, version: 2 })
  expect(cache.get(row.id)).toBe(newer)
})

it('reads what many notices tell of in few rounds, and misses none of it', async () => {
  const rows = Array.from({ length: 500 }, (_each, number) => rowOf(`many${number}`))
  const { cache, table, hear, reads } = await setUp(rows)
  const gone = rows.at(-1)
  if (!gone) throw new Error('There is no row.')
  for (const row of rows) table.set(row.id, { ...row, version: 2 })
  table.delete(gone.id)
  for (let times = 0; times < 3; times++) for (const { id } of rows) hear({ id })
  await expect.poll(() => [...cache.all()].filter(({ version }) => version === 2).length).toBe(499)
  expect(cache.get(gone.id)).toBeUndefined()
  expect(reads.all + reads.one).toBeLessThan(10)
})

it('stops waiting when told to', async () => {
  const row = rowOf('patient')
  const { cache } = await setUp([row])
  const over = new AbortController()
  const waiting = waitForRow(cache, row.id, () => false, over.signal)
  over.abort()
  await expect(waiting).resolves.toBeNull()
})

it('finds an instance by its user, and counts without looking at all of them', async () => {
  const [first, second] = [rowOf('first'), rowOf('second')]
  const { cache } = await setUp([first, second])
  expect(cache.ofUser(second.userId)).toBe(second)
  expect(cache.counts()).toEqual({ running: 0, instances: 2 })
  const running = cache.publish({ ...first, observed: 'running', version: 2 })
  cache.publish({ ...running, step: 'ready', version: 3 })
  expect(cache.counts()).toEqual({ running: 1, instances: 2 })
  // What is to be deleted is nobody's any more, however long that takes.
  const leaving = cache.publish({ ...second, desired: 'deleted', version: 2 })
  expect(cache.counts()).toEqual({ running: 1, instances: 1 })
  cache.evict(leaving.id)
  expect(cache.counts()).toEqual({ running: 1, instances: 1 })
  cache.evict(first.id)
  expect(cache.counts()).toEqual({ running: 0, instances: 0 })
  expect(cache.ofUser(first.userId)).toBeUndefined()
})

it('takes a later use of a row that is otherwise the same', async () => {
  const row = rowOf('used')
  const { cache } = await setUp([row])
  const later = { ...row, lastUsedAt: new Date(5) }
  cache.upsert(later)
  cache.upsert(row)
  expect(cache.get(row.id)).toBe(later)
})

it('reads everything again after a gap in which notices may have been lost', async () => {
  const [known, gone, made] = [rowOf('known'), rowOf('gone'), rowOf('made')]
  const { cache, table, reconnect } = await setUp([known, gone])
  table.delete(gone.id)
  table.set(known.id, { ...known, version: 2 })
  table.set(made.id, made)
  reconnect()
  await expect
    .poll(() => [...cache.all()].map(({ handle, version }) => [handle, version]))
    .toEqual([
      ['known', 2],
      ['made', 1],
    ])
})

it.each(['a gap', 'a notice'])(
  'reads everything soon when what %s asked for could not be read',
  async (what) => {
    const row = rowOf('late')
    const { cache, table, reconnect, hear, fail } = await setUp([row])
    table.set(row.id, { ...row, version: 2 })
    fail(1)
    if (what === 'a gap') reconnect()
    else hear({ id: row.id })
    await expect.poll(() => cache.get(row.id)?.version, { timeout: 10_000 }).toBe(2)
    await cache.close()
  },
)

it.each(['a read of all', 'a read of one'])(
  'takes an older row from %s: a crash of the database took back what this process had written',
  async (kind) => {
    const row = rowOf('alice', 7)
    const { cache, table } = await setUp([row])
    const states: string[] = []
    cache.onChange(({ row: { observed } }) => states.push(observed))
    cache.publish({ ...row, version: 8, observed: 'starting' })
    table.set(row.id, { ...row, observed: 'stopped' })
    await (kind === 'a read of all' ? cache.reload() : cache.reloadOne(row.id))
    expect(cache.get(row.id)).toMatchObject({ version: 7, observed: 'stopped' })
    expect(states).toEqual(['starting', 'stopped'])
  },
)

it('takes another row of the same version: somebody wrote it after such a crash', async () => {
  const row = rowOf('alice', 7)
  const { cache, table } = await setUp([row])
  table.set(row.id, { ...row, observed: 'failed' })
  await cache.reload()
  expect(cache.get(row.id)?.observed).toBe('failed')
})

it('tells those who watch a row of an older one', async () => {
  const row = rowOf('alice', 7)
  const { cache, table } = await setUp([row])
  const rows = watchRow(cache, row.id, new AbortController().signal)
  expect((await rows.next()).value?.version).toBe(7)
  table.set(row.id, { ...row, version: 5, observed: 'stopped' })
  await cache.reload()
  expect((await rows.next()).value?.version).toBe(5)
})
