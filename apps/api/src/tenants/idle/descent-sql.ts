/** The policy's ways down as SQL over the instances table: which one a row is on, and when it ends. */
import { type SQL, sql } from 'drizzle-orm'
import { instances } from '../../db/schema/index.ts'
import type { Descent } from '../policy.ts'

/** Null for a row that is on none of them. */
function ofEachRow(descents: readonly Descent[], value: (descent: Descent) => SQL): SQL {
  const cases = descents.map((descent) => {
    const { plan, from, isFailed } = descent
    const isOn = sql`${instances.plan} = ${plan} and ${instances.desired} = ${from} and (${instances.observed} = 'failed') = ${isFailed}`
    return sql`when ${isOn} then ${value(descent)}`
  })
  return sql`case ${sql.join([...cases, sql`when false then null`], sql` `)} end`
}

export function descentSql(descents: readonly Descent[]) {
  const idleMs = sql<number>`(${ofEachRow(descents, ({ afterMs }) => sql`${Math.round(afterMs)}::bigint`)})::bigint`
  return {
    idleMs,
    tier: sql<Descent['to']>`(${ofEachRow(descents, ({ to }) => sql`${to}::text`)})::text`,
    endsAt: sql<Date>`${instances.lastUsedAt} + ${idleMs} * interval '1 millisecond'`,
  }
}
