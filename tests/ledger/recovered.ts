/** What recovery charges: calls whose figures come all the same, and calls of a proxy that is gone for ever. */
import { until } from '@matrixos/testing/until'
import { inArray } from 'drizzle-orm'
import { Pool } from 'undici'
import type { Database } from '../../apps/api/src/db/database.ts'
import { aiCalls, creditAlerts, creditHolds } from '../../apps/api/src/db/schema/index.ts'
import type { CallId } from '../../apps/api/src/ports/ledger.ts'
import { createRecovery } from '../../apps/api/src/quota/ledger/recovery.ts'
import { FORMATS } from './bodies.ts'
import { type PlannedCall, plainCalls } from './calls.ts'
import { type CallDoor, makeCall, type Seen } from './client.ts'
import { allowanceOf, type LedgerPerson, type World } from './world.ts'

/** So many that both replicas of the port get some. */
const LATE = 24
const LOST = 3
/** A little more than what one call holds: recovery's charge reaches 80 % of it. */
const CREDITS_NANO = 8_000_000n

export interface Recovered {
  seen: Seen[]
  people: LedgerPerson[]
  problems: string[]
  /** By what became of their estimates; asked when all proxies have ended. */
  figures: () => Promise<Record<'lateSettled' | 'lateReleased', number>>
}

const readBooks = ({ db }: Pick<Database, 'db'>) => ({
  /** `false` before there is one of each call. */
  async holdsOf(calls: readonly PlannedCall[]) {
    const models = calls.map(({ modelId }) => modelId)
    const rows = await db.select().from(creditHolds).where(inArray(creditHolds.model, models))
    return rows.length === calls.length && rows
  },
  rowsOf(holds: readonly { id: CallId }[]) {
    const ids = holds.map(({ id }) => id)
    return db.select().from(aiCalls).where(inArray(aiCalls.id, ids))
  },
  async warned(people: readonly LedgerPerson[]) {
    const ids = people.map(({ userId }) => userId)
    return (await db.select().from(creditAlerts).where(inArray(creditAlerts.userId, ids))).length
  },
})

/** While nobody else calls. `first`: the number of the first of these calls. */
export async function recoveredCalls(
  world: World,
  callers: readonly LedgerPerson[],
  first: number,
): Promise<Recovered> {
  const { database, replicas, model } = world
  const books = readBooks(database)
  const people = await Promise.all(
    Array.from({ length: LOST }, () => world.addPerson({ credits: CREDITS_NANO })),
  )
  const lateCalls = plainCalls(first, LATE, FORMATS)
  const lostCalls = plainCalls(first + LATE, LOST, ['messages'])
  // Connections of its own, which the system deals out anew.
  const shared: CallDoor = { pool: new Pool(replicas.sharedUrl, { connections: LATE }), kills: [] }
  const lone = replicas.up().at(-1)
  if (!lone) throw new Error('No replica has a port of its own.')

  const make = (calls: readonly PlannedCall[], by: readonly LedgerPerson[], door: CallDoor) =>
    calls.map((call, at) => makeCall(call, door, by[at % by.length]?.token ?? ''))

  model.freeze()
  const made = [...make(lateCalls, callers, shared), ...make(lostCalls, people, lone)]
  const late = await until('the late ones are under way', () => books.holdsOf(lateCalls))
  const lost = await until('those that will be lost are under way', () => books.holdsOf(lostCalls))
  await replicas.killAndRestart(-1)
  await createRecovery(database, { deadAfterMs: 0, allowanceOf }).recover()
  const charged = (await books.rowsOf([...late, ...lost])).filter(
    ({ status }) => status === 'estimated',
  ).length
  const warned = await books.warned(people)
  model.thaw()
  const seen = await Promise.all(made)
  await shared.pool.close()

  const proxies = new Set(late.map(({ proxyId }) => proxyId)).size
  return {
    ...{ seen, people },
    problems: [
      ...(proxies === 2 ? [] : [`${proxies} replicas took part where two share a port.`]),
      ...(charged === made.length ? [] : [`Recovery charged ${charged} of ${made.length} calls.`]),
      ...(warned === LOST ? [] : [`Of what recovery charged, ${warned} of ${LOST} people were told.`]),
    ],
    async figures() {
      const rows = await books.rowsOf(late)
      const lateSettled = rows.filter(({ status }) => status === 'settled').length
      return { lateSettled, lateReleased: LATE - rows.length }
    },
  }
}
