/** Instances in a database of their own, and api processes that decide about them. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { systemClock } from '../../../clock.ts'
import { createNotifications } from '../../../db/notifications.ts'
import { handles, instances, processes, users } from '../../../db/schema/index.ts'
import { openPrepared } from '../../../drivers/database/testing/prepared.ts'
import { createInstanceCache } from '../../cache.ts'
import { createTenantStore, type InstanceRow } from '../../store.ts'
import { IDLE_MS, POLICIES } from '../../testing/policies.ts'
import { createSleepStore } from '../store.ts'
import { createSweeper, type SweeperOptions } from '../sweeper.ts'
import { createUsage } from '../usage.ts'

/** Of every instance here. */
export const ADDRESS = '10.0.0.9:4000'
const log = pino({ level: 'silent' })

export async function openSleepers() {
  const folder = mkdtempSync(join(tmpdir(), 'mos-sweeper-'))
  const database = await openPrepared(folder)

  /** A running instance that was last used so long ago. */
  async function instance(idleMs = 2 * IDLE_MS, seen: Partial<InstanceRow> = {}): Promise<InstanceRow> {
    const handle = `h${randomBytes(4).toString('hex')}`
    const userId = newId('usr', systemClock)
    const { db } = database
    await db.insert(handles).values({ handle })
    const webauthnId = systemClock.random(64)
    await db
      .insert(users)
      .values({ id: userId, handle, displayName: handle, webauthnId, createdAt: new Date() })
    const store = createTenantStore(database)
    const start = { desired: 'awake', error: null, createdAt: new Date() } as const
    const made = { id: newId('ins', systemClock), userId, handle, image: 'i', ...start }
    const { id } = await store.insert(db, made)
    const past = sql`now() - ${`${idleMs} milliseconds`}::interval`
    const address = { host: '10.0.0.9', gatewayPort: 4000, shellPort: null, trust: 'bearer' } as const
    const set = { observed: 'running', address, lastUsedAt: past, observedAt: past, ...seen } as const
    const [row] = await db.update(instances).set(set).where(eq(instances.id, id)).returning()
    if (!row) throw new Error('The row was not written.')
    return row
  }

  /** One api process; `pass` moves its own clock. */
  async function process(id: string, policies: SweeperOptions['policies'] = POLICIES) {
    const store = createSleepStore(database)
    await store.checkIn(id)
    const tenants = createTenantStore(database)
    const notifications = createNotifications({ database, processId: id, log })
    const cache = await createInstanceCache({ store: tenants, notifications, log })
    let now = 1_000_000
    const usage = createUsage({ cache, now: Date.now, monotonic: () => now })
    const slept: string[] = []
    const enqueue = (instanceId: string) => slept.push(instanceId)
    const sweeper = createSweeper({ store, cache, usage, processId: id, enqueue, log, policies })
    return {
      cache,
      usage,
      store,
      slept,
      sweep: sweeper.sweep,
      makeRoom: sweeper.makeRoom,
      pass: (ms: number) => {
        now += ms
      },
      quiet: () => {
        now += 1
        usage.report({ counts: {} })
      },
    }
  }

  const desired = async ({ id }: InstanceRow) => {
    const [row] = await database.db.select().from(instances).where(eq(instances.id, id))
    return row?.closingAt ? 'closing' : row?.desired
  }

  return {
    database,
    instance,
    process,
    desired,
    empty: async () => {
      await database.db.delete(processes)
      await database.db.delete(instances)
    },
    close: async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
