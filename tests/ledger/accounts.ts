/** What must hold of everybody's account once all is over. */
import { aiCalls, creditAccounts, creditAlerts, creditHolds } from '../../apps/api/src/db/schema/index.ts'
import type { LedgerPerson, World } from './world.ts'

const THRESHOLDS = [80n, 100n]

export async function accountProblems(world: World, people: readonly LedgerPerson[]): Promise<string[]> {
  const { db } = world.database
  const [accounts, calls, holds, alerts] = await Promise.all([
    db.select().from(creditAccounts),
    db.select().from(aiCalls),
    db.select().from(creditHolds),
    db.select().from(creditAlerts),
  ])
  const problems = holds.map(({ id, state }) => `The hold ${id} (${state}) is left over.`)
  for (const { userId, credits } of people) {
    const account = accounts.find((one) => one.userId === userId)
    if (!account) continue
    const { spent, held, live } = account
    const own = calls.filter((call) => call.userId === userId && call.payer === 'platform')
    const sum = own.reduce((total, { cost }) => total + cost, 0n)
    if (held !== 0n || live !== 0) problems.push(`${userId} has ${held} held and ${live} slots taken.`)
    if (spent !== sum) problems.push(`${userId} has spent ${spent}, and the ledger's rows are ${sum}.`)
    if (spent > credits) problems.push(`${userId} overspent: ${spent} of ${credits}.`)
    const told = alerts.filter((alert) => alert.userId === userId)
    const hasBeenToldOfAll = told.some((alert) => alert.threshold === 100)
    for (const threshold of THRESHOLDS) {
      const times = told.filter((alert) => BigInt(alert.threshold) === threshold).length
      const isReached = spent * 100n >= credits * threshold
      if (times > 1) problems.push(`${userId} was told ${times} times of ${threshold} %.`)
      // One call that reaches both is told of once.
      if (isReached && times === 0 && !hasBeenToldOfAll)
        problems.push(`${userId} was not told of ${threshold} %.`)
    }
  }
  return problems
}
