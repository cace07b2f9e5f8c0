/** What the platform's key costs, as administrators see it. */
import { formatUsd, type SpendView } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { AllowanceOf } from '../budget/plans.ts'
import { monthOf, nextMonth, standingOf } from '../budget/standing.ts'
import { firstOfDays } from './service.ts'
import type { SpendStore } from './spend-store.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS

export interface SpendOptions {
  store: SpendStore
  allowanceOf: AllowanceOf
  clock: Pick<Clock, 'now'>
}

export type Spend = ReturnType<typeof createSpend>

type Daily = Awaited<ReturnType<SpendStore['daily']>>

/**
 * This month's spend by its end, if every day costs what the days of the last week did. `firstAt`: of the first call of
 * this week, where there was none before. `null`: nothing to go by.
 */
export function forecast(o: { now: Date; spentThisMonth: bigint; lastWeek: bigint; firstAt: Date | null }) {
  if (o.lastWeek === 0n) return null
  const now = o.now.getTime()
  const sinceFirstMs = o.firstAt ? now - o.firstAt.getTime() : WEEK_MS
  const spanMs = Math.min(WEEK_MS, Math.max(DAY_MS, sinceFirstMs))
  const restMs = nextMonth(o.now).getTime() - now
  return o.spentThisMonth + (o.lastWeek * BigInt(restMs)) / BigInt(spanMs)
}

export function createSpend({ store, allowanceOf, clock }: SpendOptions) {
  async function month(now: Date) {
    const weekAgo = new Date(now.getTime() - WEEK_MS)
    const [spentThisMonth, lastWeek, first] = await Promise.all([
      store.total(monthOf(now)),
      store.total(weekAgo),
      store.first(weekAgo),
    ])
    const expected = forecast({ now, spentThisMonth, lastWeek, firstAt: first.hasEarlier ? null : first.at })
    return {
      forecastMonth: expected === null ? null : formatUsd(expected),
      spentThisMonth: formatUsd(spentThisMonth),
    }
  }

  async function people(since: Date, now: Date): Promise<SpendView['byPerson']> {
    const rows = await store.byPerson(since)
    return rows.map(({ handle, cost, calls, plan, account }) => {
      const standing = handle === null ? null : standingOf(account, allowanceOf(plan), now)
      return {
        ...{ handle, cost: formatUsd(cost), calls },
        limit: standing && formatUsd(standing.limit),
        spent: standing && formatUsd(standing.spent),
      }
    })
  }

  return {
    async view({ days }: { days: number }): Promise<SpendView> {
      const now = new Date(clock.now())
      const since = firstOfDays(days, now.getTime())
      const [daily, byPerson, thisMonth, exposure] = await Promise.all([
        store.daily(since),
        people(since, now),
        month(now),
        store.exposure(),
      ])
      const today = now.toISOString().slice(0, 10)
      return {
        total: formatUsd(sum(daily, ({ cost }) => cost)),
        today: formatUsd(sum(daily, ({ day, cost }) => (day === today ? cost : 0n))),
        ...thisMonth,
        ...{ exposure: formatUsd(exposure.amount), callsInFlight: exposure.calls },
        estimated: {
          cost: formatUsd(sum(daily, ({ estimatedCost }) => estimatedCost)),
          calls: daily.reduce((total, { estimatedCalls }) => total + estimatedCalls, 0),
        },
        byDay: daily.map(({ day, model, cost, calls }) => ({ day, model, calls, cost: formatUsd(cost) })),
        ...{ byModel: byModel(daily), byPerson },
      }
    },
  }
}

const sum = (rows: Daily, of: (row: Daily[number]) => bigint): bigint =>
  rows.reduce((total, row) => total + of(row), 0n)

/** The dearest first. */
function byModel(daily: Daily): SpendView['byModel'] {
  const models = Map.groupBy(daily, ({ model }) => model)
  return [...models]
    .map(([model, rows]) => ({
      ...{ model, cost: sum(rows, ({ cost }) => cost) },
      calls: rows.reduce((total, { calls }) => total + calls, 0),
      tokens: rows.reduce((total, { tokens }) => total + tokens, 0),
    }))
    .sort((a, b) => (a.cost === b.cost ? a.model.localeCompare(b.model) : a.cost < b.cost ? 1 : -1))
    .map((row) => ({ ...row, cost: formatUsd(row.cost) }))
}
