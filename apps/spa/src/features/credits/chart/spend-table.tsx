/** The chart's figures as a table, folded away. */

import { exactUsdText } from '../../../lib/money.ts'
import { longDate } from '../../../lib/time.ts'
import type { Usage } from './usage.ts'

/** Scrolls, so the keyboard has to reach it. */
const scrollable = { tabIndex: 0, role: 'region', 'aria-label': 'Cost by day and model' }

const cents = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 })

export const SpendTable = ({ usage }: { usage: Usage }) => (
  <details className="mt-5 rounded-control border border-line text-sm">
    <summary className="min-h-11 cursor-pointer px-4 py-3 text-muted">Show as a table</summary>
    <div {...scrollable} className="max-h-80 overflow-auto border-line border-t px-4">
      <table className="w-full text-left tabular-nums">
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-2.5 pr-6 font-medium">
              Day
            </th>
            {usage.series.map(({ model }) => (
              <th key={model} scope="col" className="whitespace-nowrap py-2.5 pr-6 text-right font-medium">
                {model}
              </th>
            ))}
            <th scope="col" className="py-2.5 text-right font-medium">
              Total
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {usage.days
            .filter(({ costs }) => costs.some((cost) => cost > 0))
            .map(({ day, costs, total }) => (
              <tr key={day}>
                <th scope="row" className="whitespace-nowrap py-2 pr-6 font-normal">
                  {longDate(day)}
                </th>
                {usage.series.map(({ model }, index) => (
                  <td key={model} className="py-2 pr-6 text-right text-muted">
                    {cents.format(costs[index] ?? 0)}
                  </td>
                ))}
                <td className="py-2 text-right">{exactUsdText(total)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  </details>
)
