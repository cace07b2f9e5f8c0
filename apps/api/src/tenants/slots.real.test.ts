/** Api processes that take slots at the same time, over connections of their own. */
import { randomBytes } from 'node:crypto'
import { newId } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../../../../tests/support/test-database.ts'
import { systemClock } from '../clock.ts'
import { handles, users } from '../db/schema/index.ts'
import { openPostgres } from '../drivers/database/postgres/index.ts'
import { createSlotStore } from './slots.ts'
import { createTenantStore } from './store.ts'

const INSTANCES = 20

describeReal(['postgres'], 'slots of containers', () => {
  it('are given once each by several api processes at once', { timeout: 120_000 }, async () => {
    const made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const open = () => openPostgres({ url: made.url, maxConnections: 4, statementTimeoutMs: 60_000 })
    const databases = [open(), open()] as const
    await using _ = {
      [Symbol.asyncDispose]: async () => {
        for (const database of databases) await database.close()
        await made.drop()
      },
    }
    await databases[0].migrate()
    const { db } = databases[0]
    const createdAt = new Date()
    const all = Array.from({ length: INSTANCES }, (_each, number) => ({
      id: newId('ins', systemClock),
      userId: newId('usr', systemClock),
      handle: `h${number}`,
    }))
    for (const { id, userId, handle } of all) {
      await db.insert(handles).values({ handle })
      const person = { id: userId, handle, displayName: handle, webauthnId: systemClock.random(64) }
      await db.insert(users).values({ ...person, createdAt })
      const start = { image: 'i', desired: 'awake', error: null, createdAt } as const
      await createTenantStore(databases[0]).insert(db, { id, userId, handle, ...start })
    }
    const [one, two] = await Promise.all(
      databases.map((database) => {
        const slots = createSlotStore(database)
        return Promise.all(all.map(({ id }) => slots.slotOf({ instanceId: id, generation: 1 }, INSTANCES)))
      }),
    )
    expect(one).toEqual(two)
    expect(one?.toSorted((a, b) => a - b)).toEqual(Array.from({ length: INSTANCES }, (_each, slot) => slot))
  })
})
