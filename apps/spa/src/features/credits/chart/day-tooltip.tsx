/** What one day cost, model by model, beside its column. */
import { usdText } from '../../../lib/money.ts'
import { ColourDot } from './colour-dot.tsx'
import type { Series, UsageDay } from './usage.ts'

const longDay = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })
const cents = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 4 })

export const DayTooltip = ({ day, series }: { day: UsageDay; series: Series[] }) => (
  <div className="rounded-control border border-line bg-surface p-3 text-sm shadow-card">
    <p className="flex items-baseline justify-between gap-6 font-medium">
      {longDay.format(new Date(day.day))}
      <span className="tabular-nums">{usdText(day.total)}</span>
    </p>
    <ul className="mt-1 space-y-0.5">
      {series.map(({ model, colour }, index) => {
        const cost = day.costs[index] ?? 0
        return (
          cost > 0 && (
            <li key={model} className="flex items-center gap-2 text-muted">
              <ColourDot colour={colour} />
              <span className="min-w-0 flex-1 truncate">{model}</span>
              <span className="pl-4 tabular-nums">{cents.format(cost)}</span>
            </li>
          )
        )
      })}
    </ul>
  </div>
)
