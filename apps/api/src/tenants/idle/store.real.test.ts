/** Api processes that write many instances at the same time, over connections of their own. */
import { randomBytes } from 'node:crypto'
import { newId } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../../tests/support/test-database.ts'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { handles, instances, users } from '../../db/schema/index.ts'
import { openPostgres } from '../../drivers/database/postgres/index.ts'
import { createTenantStore } from '../store.ts'
import { POLICIES } from '../testing/policies.ts'
import { createSleepStore } from './store.ts'

const INSTANCES = 150
const ROUNDS = 40

describeReal(['postgres'], 'two api processes that write many instances', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  const databases: Database[] = []
  beforeAll(async () => {
    made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    for (let i = 0; i < 2; i++)
      databases.push(openPostgres({ url: made.url, maxConnections: 2, statementTimeoutMs: 60_000 }))
    await databases[0]?.migrate()
  }, 120_000)
  afterAll(async () => {
    for (const database of databases) await database.close()
    await made.drop()
  }, 60_000)

  async function fill({ db }: Database) {
    const all = Array.from({ length: INSTANCES }, (_, number) => {
      const handle = `h${number}`
      return { id: newId('ins', systemClock), userId: newId('usr', systemClock), handle }
    })
    await db.insert(handles).values(all)
    const createdAt = new Date()
    const person = (i: number) => ({ displayName: 'p', webauthnId: new Uint8Array(64).fill(i), createdAt })
    await db.insert(users).values(
      all.map(({ userId, handle }, i) => ({
        ...person(i),
        ...{ id: userId, handle },
      })),
    )
    const awake = { image: 'i', desired: 'awake', observed: 'running', version: 1 } as const
    const past = sql`now() - interval '1 hour'`
    await db
      .insert(instances)
      .values(all.map((one) => ({ ...one, ...awake, createdAt, observedAt: past, lastUsedAt: past })))
    return all.map(({ id }) => id)
  }

  it('never deadlock, whatever order each knows the instances in', async () => {
    const [one, two] = databases
    if (!one || !two) throw new Error('No database is open.')
    const ids = await fill(one)
    const outcomes = await Promise.all(
      [one, two].flatMap((database, at) => {
        const store = createSleepStore(database)
        const tenants = createTenantStore(database)
        const known = at === 0 ? ids : ids.toReversed()
        const uses = known.map((id) => ({ id, agoMs: 3_600_000 }))
        const save = () => store.saveUses(uses)
        const sweep = async () => {
          await store.setDeadlines(POLICIES.descents)
          await store.markDue(POLICIES.descents)
          const rows = await store.unsigned(`process-${at}`)
          await store.sign(`process-${at}`, at === 0 ? rows : rows.toReversed())
          for (const id of ids.slice(at * 20, at * 20 + 20)) await tenants.keepAwake(id, { retry: false })
          await store.reopen()
          await tenants.retryAll('capacity')
          await store.putToSleep()
          await store.saveUses(uses)
        }
        return [save, sweep].map(async (work) => {
          for (let round = 0; round < ROUNDS; round++) await work()
        })
      }),
    ).then(
      () => 'done',
      (error: Error) => error.cause ?? error,
    )
    expect(outcomes).toBe('done')
    const rows = await createTenantStore(one).all()
    expect(rows.filter(({ desired }) => desired === 'asleep').length).toBeGreaterThan(0)
  }, 120_000)
})
