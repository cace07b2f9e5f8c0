/** A server that stops answering and closes nothing, as behind a dead link or under SIGSTOP. */
import { randomBytes } from 'node:crypto'
import { describeReal } from '@matrixos/testing/describe-real'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cable, databaseCable } from '../../../../../../tests/support/cable.ts'
import { createTestDatabase } from '../../../../../../tests/support/test-database.ts'
import type { Database } from '../../../db/database.ts'
import { handles } from '../../../db/schema/index.ts'
import { isDatabaseAway } from '../../../errors.ts'
import { openPostgres } from './index.ts'

describeReal(['postgres'], 'a PostgreSQL that hangs', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  let cable: Cable & { url: string }
  let database: Database
  beforeAll(async () => {
    made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    cable = await databaseCable(made.url)
    database = openPostgres({
      url: cable.url,
      maxConnections: 2,
      statementTimeoutMs: 1_000,
      heartbeatMs: 200,
    })
    await database.migrate()
  })
  afterAll(async () => {
    await database.close()
    await cable.cut()
    await made.drop()
  })

  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      (error: unknown) => (isDatabaseAway(error) ? 'away' : error),
    )
  const countOf = async (handle: string) =>
    (await database.db.select().from(handles).where(eq(handles.handle, handle))).length

  it('fails queries, open transactions and new ones, and serves again once it answers', async () => {
    const begun = Promise.withResolvers<void>()
    const frozen = Promise.withResolvers<void>()
    const transaction = database.db.transaction(async (tx) => {
      await tx.insert(handles).values({ handle: 'half' })
      begun.resolve()
      await frozen.promise
      await tx.insert(handles).values({ handle: 'other-half' })
    })
    await begun.promise
    cable.freeze()
    frozen.resolve()
    const queries = Array.from({ length: 8 }, () => database.db.select().from(handles))
    const fresh = database.db.transaction((tx) => tx.select().from(handles))
    const outcomes = await Promise.all([transaction, ...queries, fresh].map(outcome))
    expect(new Set(outcomes)).toEqual(new Set(['away']))

    cable.thaw()
    await expect.poll(() => countOf('half').catch(() => null)).toBe(0)
    await database.db.insert(handles).values({ handle: 'after' })
    expect(await countOf('after')).toBe(1)
  })

  it('outlives a server whose machine is gone: open connections are silent, and new ones are refused', async () => {
    expect(await countOf('after')).toBe(1)
    cable.freeze()
    cable.refuse()
    const queries = Array.from({ length: 8 }, () => database.db.select().from(handles))
    expect(new Set(await Promise.all(queries.map(outcome)))).toEqual(new Set(['away']))
    // Once more, when what the driver did about the ones before has come to its end.
    expect(await outcome(database.db.select().from(handles))).toBe('away')

    await cable.mend()
    cable.thaw()
    await expect.poll(() => countOf('after').catch(() => null), { timeout: 30_000 }).toBe(1)
  })

  it('hears notifications again, and says that some may have been missed', async () => {
    const heard: string[] = []
    let connections = 0
    const unlisten = await database.listen('silence', {
      onMessage: (payload) => heard.push(payload),
      onConnected: () => connections++,
    })
    await expect.poll(() => connections).toBe(1)
    cable.freeze()
    await expect.poll(() => outcome(database.notify('silence', 'lost'))).toBe('away')
    cable.thaw()
    await expect.poll(() => connections, { timeout: 30_000 }).toBeGreaterThan(1)
    await expect
      .poll(async () => {
        await outcome(database.notify('silence', 'found'))
        return heard.includes('found')
      })
      .toBe(true)
    await unlisten()
  })

  it('keeps every connection while a server that is slow with one table answers for others', async () => {
    const other = openPostgres({ url: made.url, maxConnections: 1, statementTimeoutMs: 60_000 })
    const locked = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const holding = other.db.transaction(async (tx) => {
      await tx.execute(sql`lock table handles`)
      locked.resolve()
      await done.promise
    })
    await locked.promise
    const busy = openPostgres({ url: made.url, maxConnections: 2, statementTimeoutMs: 1_000 })
    const destroyed = (work: Promise<unknown>) =>
      work.then(
        () => 'answered',
        (error: Error) => (error.cause instanceof Error && 'code' in error.cause ? error.cause.code : error),
      )
    const blocked = Array.from({ length: 6 }, () => destroyed(busy.db.select().from(handles)))
    const innocent = Array.from({ length: 20 }, () => destroyed(busy.db.execute(sql`select 1`)))
    expect(new Set(await Promise.all(blocked))).toEqual(new Set(['57014']))
    expect(new Set(await Promise.all(innocent))).toEqual(new Set(['answered']))
    done.resolve()
    await holding
    await busy.close()
    await other.close()
  }, 60_000)

  it('does not wait for a lock for ever, and keeps its connections', async () => {
    const other = openPostgres({ url: made.url, maxConnections: 1, statementTimeoutMs: 60_000 })
    const locked = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const holding = other.db.transaction(async (tx) => {
      await tx.execute(sql`lock table handles`)
      locked.resolve()
      await done.promise
    })
    await locked.promise
    const single = openPostgres({ url: made.url, maxConnections: 1, statementTimeoutMs: 1_000 })
    const pid = async () => {
      const rows = await single.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      return (rows as unknown as { pid: number }[])[0]?.pid
    }
    const before = await pid()
    expect(await outcome(single.db.select().from(handles))).toBe('away')
    expect(await pid()).toBe(before)
    await single.close()
    done.resolve()
    await holding
    await other.close()
  })
})
