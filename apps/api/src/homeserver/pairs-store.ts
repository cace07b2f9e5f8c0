/** The SQL of how two instances stand to each other: whether their AIs have met, and whether their owners block each other. */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { DbOrTx } from '../db/database.ts'
import { blocks, instances, matrixAccounts, matrixMeetings } from '../db/schema/index.ts'

const theirs = alias(instances, 'theirs')

/** Of these instances, those whose owner and whoever that name belongs to do not want to see each other. */
export async function apartFrom(
  tx: DbOrTx,
  localpart: string,
  ids: readonly InstanceId[],
): Promise<Set<InstanceId>> {
  if (ids.length === 0) return new Set()
  const { blocker, blocked, kind } = blocks
  const between = or(
    and(eq(blocker, instances.userId), eq(blocked, theirs.userId)),
    and(eq(blocker, theirs.userId), eq(blocked, instances.userId)),
  )
  const rows = await tx
    .select({ id: instances.id })
    .from(matrixAccounts)
    .innerJoin(theirs, eq(theirs.id, matrixAccounts.instanceId))
    .innerJoin(instances, inArray(instances.id, [...ids]))
    .innerJoin(blocks, and(eq(kind, 'block'), between))
    .where(eq(matrixAccounts.localpart, localpart))
  return new Set(rows.map(({ id }) => id))
}

interface Pair {
  by: InstanceId
  to: InstanceId
}

function columnsOf({ by, to }: Pair) {
  const isOne = by < to
  return {
    wroteAt: isOne ? ('oneWroteAt' as const) : ('otherWroteAt' as const),
    values: { one: isOne ? by : to, other: isOne ? to : by },
  }
}

/** Whether it is written down that the AI of one has written to the other's. */
export async function hasWritten(tx: DbOrTx, pair: Pair): Promise<boolean> {
  const { wroteAt, values } = columnsOf(pair)
  const { one, other } = matrixMeetings
  const [known] = await tx
    .select()
    .from(matrixMeetings)
    .where(and(eq(one, values.one), eq(other, values.other)))
  return Boolean(known?.[wroteAt])
}

/** Whether with this, for the first time, the AIs of both have written to each other. */
export async function wrote(tx: DbOrTx, pair: Pair): Promise<boolean> {
  const { wroteAt, values } = columnsOf(pair)
  const { one, other } = matrixMeetings
  // Accounts outlive their instances for a while.
  if ((await tx.$count(instances, inArray(instances.id, [pair.by, pair.to]))) < 2) return false
  const [first] = await tx
    .insert(matrixMeetings)
    .values({ ...values, [wroteAt]: sql`now()` })
    .onConflictDoUpdate({
      target: [one, other],
      set: { [wroteAt]: sql`now()` },
      setWhere: isNull(matrixMeetings[wroteAt]),
    })
    .returning()
  return Boolean(first?.oneWroteAt && first.otherWroteAt)
}
