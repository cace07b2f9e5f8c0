/** What was spent, arranged for the chart: every day of the range, and the dearest models by name. */
import { parseUsd } from '@matrixos/shared'
import { sumUsd, usdNumber } from '../../../lib/money.ts'

const DAY_MS = 86_400_000
/** More colours than these are hard to tell apart. */
const MOST_NAMED = 5
const REST = 'Other models'

export interface UsageRow {
  day: string
  model: string
  calls: number
  cost: string
}

export interface Series {
  model: string
  cost: string
  calls: number
  /** A custom property of the style sheet. */
  colour: string
}

export interface UsageDay {
  /** `2026-11-26`, UTC. */
  day: string
  /** In the order of the series. */
  costs: number[]
  total: string
}

export interface Usage {
  series: Series[]
  days: UsageDay[]
  total: string
  calls: number
}

/** `now`: milliseconds; the range ends with its day, in UTC as the rows are. */
export function usageOf(rows: readonly UsageRow[], days: number, now: number): Usage {
  const first = now - (days - 1) * DAY_MS
  const range = Array.from({ length: days }, (_, index) => dayOf(first + index * DAY_MS))
  const inRange = rows.filter(({ day }) => day >= (range[0] ?? '') && day <= (range.at(-1) ?? ''))
  const series = seriesOf(inRange)
  const named = new Set(series.map(({ model }) => model))
  const nameOf = ({ model }: UsageRow) => (named.has(model) ? model : REST)
  const byDay = Map.groupBy(inRange, ({ day }) => day)
  return {
    series,
    days: range.map((day) => {
      const own = byDay.get(day) ?? []
      const costs = series.map(({ model }) => usdNumber(costOf(own.filter((row) => nameOf(row) === model))))
      return { day, costs, total: costOf(own) }
    }),
    total: costOf(inRange),
    calls: callsOf(inRange),
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const costOf = (rows: readonly UsageRow[]): string => sumUsd(rows.map(({ cost }) => cost))
const callsOf = (rows: readonly UsageRow[]): number => rows.reduce((sum, { calls }) => sum + calls, 0)

function seriesOf(rows: readonly UsageRow[]): Series[] {
  const models = [...Map.groupBy(rows, ({ model }) => model)]
    .map(([model, own]) => ({ model, cost: costOf(own), calls: callsOf(own) }))
    .sort((one, other) => dearerFirst(one, other) || one.model.localeCompare(other.model))
  const rest = models.slice(MOST_NAMED)
  const named = models
    .slice(0, MOST_NAMED)
    .map((one, index) => ({ ...one, colour: `var(--chart-${index + 1})` }))
  if (rest.length === 0) return named
  const cost = sumUsd(rest.map((one) => one.cost))
  const calls = rest.reduce((sum, one) => sum + one.calls, 0)
  return [...named, { model: REST, cost, calls, colour: 'var(--chart-rest)' }]
}

const dearerFirst = (one: { cost: string }, other: { cost: string }): number =>
  Number(parseUsd(other.cost) > parseUsd(one.cost)) - Number(parseUsd(other.cost) < parseUsd(one.cost))
