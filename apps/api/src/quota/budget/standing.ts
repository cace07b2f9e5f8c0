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
  /** `null`: nothing was reached in this period yet. */
  alertRound: number | null
}

/** Midnight of the first of the next month, UTC. */
export const nextMonth = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))

/** A period that is over ends in the books with the next call; here it ends with the time. */
export function standingOf(account: CreditAccount | null, allowance: Allowance, now: Date): Standing {
  const isMonthly = allowance.period === 'month'
  const endsAt = account?.periodEndsAt ?? null
  const isOver = isMonthly && endsAt !== null && endsAt <= now
  const granted = account?.granted ?? 0n
  const limit = (account?.credits ?? allowance.credits) + granted
  const spent = isOver ? 0n : (account?.spent ?? 0n)
  const held = account?.held ?? 0n
  const left = limit - spent - held
  return {
    ...{ limit, spent, held, granted },
    remaining: left > 0n ? left : 0n,
    periodEndsAt: isMonthly ? (isOver ? nextMonth(now) : (endsAt ?? nextMonth(now))) : null,
    callsAtOnce: account?.callsAtOnce ?? allowance.callsAtOnce,
    callsPerMinute: account?.callsPerMinute ?? allowance.callsPerMinute,
    alertRound: isOver ? null : (account?.alertRound ?? null),
  }
}
