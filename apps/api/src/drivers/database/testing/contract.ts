/** What the platform relies on in a database, run against every driver. */
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { handles } from '../../../db/schema/index.ts'
import { uniqueViolation } from '../../../errors.ts'

export function databaseContract(open: () => Promise<Database>) {
  describe('database contract', () => {
    let database: Database
    beforeAll(async () => {
      database = await open()
      await database.migrate()
    })
    afterAll(() => database.close())

    it('applies migrations once, however often it is asked', async () => {
      await database.migrate()
      await expect(database.db.select().from(handles)).resolves.toEqual([])
    })

    it('runs a batch as one transaction, each statement by what those before it left', async () => {
      const add = (handle: string) => ({ text: 'insert into handles (handle) values ($1)', params: [handle] })
      const find = (like: string) => ({
        text: 'select handle, $2::int8::text as big, $3::text as nothing from handles where handle like $1',
        params: [like, '9007199254740993', null],
      })
      const row = { handle: 'batch-1', big: '9007199254740993', nothing: null }
      const results = await database.batch([add('batch-1'), find('batch-%'), add('batch-2')])
      expect(results.map((rows) => rows.map((found) => ({ ...Object(found) })))).toEqual([[], [row], []])
      const broken = database.batch([add('batch-3'), add('batch-1'), add('batch-4')])
      expect(uniqueViolation(await broken.catch((error: unknown) => error))).toBe('handles_pkey')
      expect(uniqueViolation(await database.batch([add('batch-1')]).catch((error: unknown) => error))).toBe(
        'handles_pkey',
      )
      const [found] = await database.batch([find('batch-%')])
      expect(found).toHaveLength(2)
      expect(await database.batch([])).toEqual([])
    })

    it('names the violated constraint', async () => {
      await database.db.insert(handles).values({ handle: 'twice' })
      const again = await database.db
        .insert(handles)
        .values({ handle: 'twice' })
        .catch((error: unknown) => error)
      expect(uniqueViolation(again)).toBe('handles_pkey')
      expect(uniqueViolation(new Error('other'))).toBeNull()
    })

    it('rolls a failed transaction back', async () => {
      const failed = database.db.transaction(async (tx) => {
        await tx.insert(handles).values({ handle: 'half' })
        throw new Error('stop')
      })
      await expect(failed).rejects.toThrow('stop')
      await expect(database.db.select().from(handles).where(eq(handles.handle, 'half'))).resolves.toEqual([])
    })

    it('lets one of many concurrent compare-and-set updates win', async () => {
      await database.db.insert(handles).values({ handle: 'race' })
      const until = new Date('2030-01-01T00:00:00Z')
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          database.db
            .update(handles)
            .set({ quarantinedUntil: until })
            .where(sql`${handles.handle} = 'race' and ${handles.quarantinedUntil} is null`)
            .returning(),
        ),
      )
      expect(results.flat()).toEqual([{ handle: 'race', quarantinedUntil: until }])
    })

    it('carries notifications, and says when it is connected', async () => {
      const connected = Promise.withResolvers<void>()
      const received = Promise.withResolvers<string>()
      const unlisten = await database.listen('contract', {
        onMessage: received.resolve,
        onConnected: () => connected.resolve(),
      })
      await connected.promise
      await database.notify('contract', 'hello')
      await expect(received.promise).resolves.toBe('hello')
      await unlisten()
    })
  })
}
