/** The chart with its key, and the same figures as a table for whoever cannot see it. */
import { lazy, Suspense } from 'react'
import { counted } from '../../../lib/figures.ts'
import { isNothing, usdText } from '../../../lib/money.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { ColourDot } from './colour-dot.tsx'
import { SpendTable } from './spend-table.tsx'
import type { Usage } from './usage.ts'

const SpendChart = lazy(() => import('./spend-chart.tsx').then((file) => ({ default: file.SpendChart })))

export interface SpendFigureProps {
  usage: Usage
  /** Says what is not there, and when it will be. */
  empty: string
}

export const SpendFigure = ({ usage, empty }: SpendFigureProps) => (
  <>
    {isNothing(usage.total) && usage.calls === 0 ? (
      <p className="grid h-60 place-items-center rounded-control bg-[radial-gradient(var(--unlit)_1.5px,transparent_1.5px)] bg-size-[12px_12px] text-center text-sm">
        <span className="max-w-xs rounded-control bg-surface px-5 py-4 text-muted leading-6">{empty}</span>
      </p>
    ) : (
      <>
        <Suspense fallback={<Skeleton className="h-60" />}>
          <SpendChart usage={usage} />
        </Suspense>
        <ul aria-label="Models" className="mt-5 flex flex-wrap gap-x-6 gap-y-2 text-sm">
          {usage.series.map(({ model, cost, calls, colour }) => (
            <li key={model} className="flex min-w-0 items-center gap-2">
              <ColourDot colour={colour} />
              <span className="min-w-0 truncate">{model}</span>
              <span className="whitespace-nowrap text-muted tabular-nums">
                {usdText(cost)} · {counted(calls, 'call', 'calls')}
              </span>
            </li>
          ))}
        </ul>
        <SpendTable usage={usage} />
      </>
    )}
  </>
)
