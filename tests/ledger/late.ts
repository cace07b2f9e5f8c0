/** Calls that recovery takes for a dead proxy's and charges, and whose figures come all the same. */

import { until } from '@matrixos/testing/until'
import { inArray } from 'drizzle-orm'
import { Pool } from 'undici'
import { aiCalls, creditHolds } from '../../apps/api/src/db/schema/index.ts'
import { createRecovery } from '../../apps/api/src/quota/ledger/recovery.ts'
import { slowCalls } from './calls.ts'
import { makeCall, type Seen } from './client.ts'
import { allowanceOf, type LedgerPerson, type World } from './world.ts'

/** So many that both replicas of the port get some. */
const CALLS = 24

export interface Late {
  seen: Seen[]
  problems: string[]
  /** By what became of their estimates; asked when all proxies have ended. */
  figures: () => Promise<{ lateSettled: number; lateReleased: number }>
}

/** While nobody else calls. `first`: the number of the first of these calls. */
export async function lateCalls(world: World, people: readonly LedgerPerson[], first: number): Promise<Late> {
  const { db } = world.database
  // Connections of its own, which the system deals out anew.
  const door = { pool: new Pool(world.replicas.sharedUrl, { connections: CALLS }), kills: [] }
  const calls = slowCalls(first, CALLS)
  const made = calls.map((call) => makeCall(call, door, people[call.person % people.length]?.token ?? ''))
  const models = calls.map(({ modelId }) => modelId)
  const holds = await until('all are under way', async () => {
    const rows = await db.select().from(creditHolds).where(inArray(creditHolds.model, models))
    return rows.length === CALLS && rows
  })
  const proxies = new Set(holds.map(({ proxyId }) => proxyId)).size
  await createRecovery(world.database, { deadAfterMs: 0, allowanceOf }).recover()
  const ids = holds.map(({ id }) => id)
  const rowsOf = () => db.select().from(aiCalls).where(inArray(aiCalls.id, ids))
  const charged = (await rowsOf()).filter(({ status }) => status === 'estimated').length
  const seen = await Promise.all(made)
  await door.pool.close()
  return {
    seen,
    problems: [
      ...(proxies === 2 ? [] : [`${proxies} replicas took part where two share a port.`]),
      ...(charged === CALLS ? [] : [`${charged} of ${CALLS} calls were charged by recovery.`]),
    ],
    async figures() {
      const rows = await rowsOf()
      const lateSettled = rows.filter(({ status }) => status === 'settled').length
      return { lateSettled, lateReleased: CALLS - rows.length }
    },
  }
}
