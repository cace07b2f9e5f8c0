import { randomBytes } from 'node:crypto'
import { newId } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { sql } from 'drizzle-orm'
import { afterEach, expect, it, vi } from 'vitest'
import { createTestDatabase } from '../../../../../tests/support/test-database.ts'
import { systemClock } from '../../clock.ts'
import { handles, instances, users } from '../../db/schema/index.ts'
import { openPostgres } from '../../drivers/database/postgres/index.ts'
import { createTenantStore } from '../store.ts'

const HOUR_MS = 3_600_000

describeReal(['postgres'], 'the lease of an instance', () => {
  afterEach(() => void vi.useRealTimers())

  it("is told by the database's clock, whatever those of the api processes say", async () => {
    const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const database = openPostgres({ url: made.url, maxConnections: 2, statementTimeoutMs: 60_000 })
    await using _ = {
      [Symbol.asyncDispose]: async () => {
        await database.close()
        await made.drop()
      },
    }
    await database.migrate()
    const { db } = database
    const [userId, handle, createdAt] = [newId('usr', systemClock), 'leased', new Date()]
    await db.insert(handles).values({ handle })
    const person = { id: userId, handle, displayName: handle, webauthnId: systemClock.random(64), createdAt }
    await db.insert(users).values(person)
    const store = createTenantStore(database)
    const start = { image: 'i', desired: 'awake', error: null, createdAt } as const
    const { id } = await store.insert(db, { id: newId('ins', systemClock), userId, handle, ...start })
    const begin = async (owner: string, clockMs: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: clockMs })
      const row = await store.byId(id)
      const begun = row && (await store.begin(row, owner, { observed: 'creating', step: null }))
      vi.useRealTimers()
      return begun
    }

    expect(await begin('ahead', Date.now() + HOUR_MS)).toMatchObject({ leaseOwner: 'ahead' })
    expect(await begin('behind', Date.now() - HOUR_MS)).toBeNull()
    await db.update(instances).set({ leaseUntil: sql`now() - interval '1 millisecond'` })
    expect(await begin('behind', Date.now() - HOUR_MS)).toMatchObject({ leaseOwner: 'behind' })
    expect(await begin('ahead', Date.now() + HOUR_MS)).toBeNull()
  })
})
