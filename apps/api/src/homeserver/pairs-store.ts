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

/** Whether with this, for the first time, the AIs of both have written to each other. */
export async function wrote(tx: DbOrTx, { by, to }: { by: InstanceId; to: InstanceId }): Promise<boolean> {
  const isOne = by < to
  const wroteAt = isOne ? 'oneWroteAt' : 'otherWroteAt'
  const pair = { one: isOne ? by : to, other: isOne ? to : by }
  const { one, other } = matrixMeetings
  const [known] = await tx
    .select()
    .from(matrixMeetings)
    .where(and(eq(one, pair.one), eq(other, pair.other)))
  if (known?.[wroteAt]) return false
  // Accounts outlive their instances for a while.
  if ((await tx.$count(instances, inArray(instances.id, [by, to]))) < 2) return false
  const [first] = await tx
    .insert(matrixMeetings)
    .values({ ...pair, [wroteAt]: sql`now()` })
    .onConflictDoUpdate({
      target: [one, other],
      set: { [wroteAt]: sql`now()` },
      setWhere: isNull(matrixMeetings[wroteAt]),
    })
    .returning()
  return Boolean(first?.oneWroteAt && first.otherWroteAt)
}
