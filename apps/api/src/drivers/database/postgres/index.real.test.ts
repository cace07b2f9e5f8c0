import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { describeReal } from '@matrixos/testing/describe-real'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { createEmptyDatabase } from '../../../../../../tests/support/test-database.ts'
import { MIGRATIONS_FOLDER } from '../../../db/database.ts'
import { handles } from '../../../db/schema/index.ts'
import { explainDatabaseError } from '../../../startup-errors.ts'
import { databaseContract } from '../testing/contract.ts'
import { openPostgres } from './index.ts'

describeReal(['postgres'], 'PostgreSQL', () => {
  let made: Awaited<ReturnType<typeof createEmptyDatabase>>
  const open = (change: (url: URL) => void = () => {}) => {
    const url = new URL(made.url)
    change(url)
    return {
      url: url.href,
      database: openPostgres({ url: url.href, maxConnections: 4, statementTimeoutMs: 5_000 }),
    }
  }
  beforeAll(async () => {
    made = await createEmptyDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  })
  afterAll(() => made.drop())

  databaseContract(async () => open().database)

  it('compiles no statement, whatever the planner expects it to cost', async () => {
    const { database } = open()
    try {
      const rows: unknown = await database.db.execute(sql`show jit`)
      expect([...(rows as Iterable<unknown>)]).toEqual([{ jit: 'off' }])
    } finally {
      await database.close()
    }
  })

  it('migrates once when many start at once', async () => {
    const empty = await createEmptyDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const databases = Array.from({ length: 4 }, () =>
      openPostgres({ url: empty.url, maxConnections: 1, statementTimeoutMs: 5_000 }),
    )
    try {
      await Promise.all(databases.map((database) => database.migrate()))
      const rows: unknown = await databases[0]?.db.execute(sql`select hash from drizzle.__drizzle_migrations`)
      const applied = z.array(z.object({ hash: z.string() })).parse([...(rows as Iterable<unknown>)])
      const files = readdirSync(MIGRATIONS_FOLDER).filter((name) => name.endsWith('.sql'))
      expect(applied).toHaveLength(files.length)
      expect(new Set(applied.map(({ hash }) => hash)).size).toBe(files.length)
    } finally {
      await Promise.all(databases.map((database) => database.close()))
      await empty.drop()
    }
  })

  it.each(['before', 'after'])(
    'sends nothing of a transaction whose connection ended, %s another is made',
    async (when) => {
      const { url } = open()
      const single = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 5_000 })
      const other = open().database
      await single.migrate()
      const handle = `late-${when}`
      const begun = Promise.withResolvers<number>()
      const goOn = Promise.withResolvers<void>()
      const late = Promise.withResolvers<void>()
      const transaction = single.db.transaction(async (tx) => {
        const rows = await tx.execute(sql`select pg_backend_pid() as pid`)
        begun.resolve((rows as unknown as { pid: number }[])[0]?.pid ?? 0)
        await goOn.promise
        late.resolve(
          tx
            .insert(handles)
            .values({ handle })
            .then(() => undefined),
        )
        await late.promise
      })
      const pid = await begun.promise
      const ended = expect(transaction).rejects.toThrow('CONNECTION_CLOSED')
      await other.db.execute(sql`select pg_terminate_backend(${pid})`)
      await ended
      if (when === 'after') await single.db.execute(sql`select 1`)
      goOn.resolve()
      await expect(late.promise).rejects.toThrow()
      expect(await single.db.select().from(handles).where(eq(handles.handle, handle))).toEqual([])
      await single.close()
      await other.close()
    },
  )

  it.each<[string, (url: URL) => void, RegExp]>([
    ['a wrong password', (url) => Object.assign(url, { password: 'wrong' }), /Incorrect user or password/],
    [
      'a database that does not exist',
      (url) => Object.assign(url, { pathname: '/nowhere' }),
      /does not exist/,
    ],
    [
      'a port where nothing listens',
      (url) => Object.assign(url, { port: '1' }),
      /Nothing is listening there/,
    ],
  ])('says what to do about %s', async (_what, change, expected) => {
    const { url, database } = open(change)
    const error = await database.migrate().catch((reason: unknown) => reason)
    expect(explainDatabaseError(error, url)).toMatch(expected)
    await database.close()
  })
})
