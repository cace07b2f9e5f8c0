/** What somebody may spend now, by their account and their plan: pure. */
import type { Allowance } from '../../ports/ledger.ts'
import type { CreditAccount } from './store.ts'

export interface Standing {
  limit: bigint
  spent: bigint
  held: bigint
  /** Never below 0. */
  remaining: bigint
  granted: bigint
  periodEndsAt: Date | null
  callsAtOnce: number
  callsPerMinute: number
  alertRound: number
  /** The account's row still is of an earlier month. */
  isOver: boolean
}

const monthAt = (now: Date, later: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later, 1))

/** Midnight of the first of this month, and of the next, UTC. */
export const monthOf = (now: Date): Date => monthAt(now, 0)
export const nextMonth = (now: Date): Date => monthAt(now, 1)

/**
 * A month that is over ends in the books with the next call; here it ends with the time, and as it will there: what
 * was spent beyond the plan's credits was spent of what was granted.
 */
export function standingOf(account: CreditAccount | null, allowance: Allowance, now: Date): Standing {
  const isMonthly = allowance.period === 'month'
  const isOver = isMonthly && account !== null && account.periodStartsAt < monthOf(now)
  const credits = account?.credits ?? allowance.credits
  const before = account?.spent ?? 0n
  const granted = atLeast0((account?.granted ?? 0n) - (isOver ? atLeast0(before - credits) : 0n))
  const spent = isOver ? 0n : before
  const held = account?.held ?? 0n
  const limit = credits + granted
  return {
    ...{ limit, spent, held, granted, isOver },
    remaining: atLeast0(limit - spent - held),
    periodEndsAt: isMonthly ? nextMonth(now) : null,
    callsAtOnce: account?.callsAtOnce ?? allowance.callsAtOnce,
    callsPerMinute: account?.callsPerMinute ?? allowance.callsPerMinute,
    alertRound: (account?.alertRound ?? 0) + (isOver ? 1 : 0),
  }
}

const atLeast0 = (nano: bigint): bigint => (nano > 0n ? nano : 0n)
