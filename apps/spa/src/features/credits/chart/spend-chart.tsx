/** Cost by day and model as stacked columns of dots. Its library is large, so pages load this file when they need it. */
import { useId } from 'react'
import {
  Bar,
  BarChart,
  type BarShapeProps,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { DayTooltip } from './day-tooltip.tsx'
import { DotColumn, DotPattern } from './dot-column.tsx'
import { CHART_HEIGHT_PX, PITCH_PX } from './sizes.ts'
import type { Usage, UsageDay } from './usage.ts'

const shortDay = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' })
const dayText = (day: string): string => shortDay.format(new Date(day))

const TICK = { fill: 'var(--muted)', fontSize: 12 }
const Y_AXIS = { width: 'auto', tickCount: 4, tick: TICK, tickLine: false, axisLine: false } as const
const amount = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 2,
})

export function SpendChart({ usage }: { usage: Usage }) {
  const id = useId()
  return (
    <ResponsiveContainer width="100%" height={CHART_HEIGHT_PX}>
      <BarChart
        data={usage.days}
        margin={{ top: PITCH_PX, right: 0, bottom: 0, left: 0 }}
        barCategoryGap="16%"
        aria-label="Cost by day and model"
      >
        <defs>
          {usage.series.map(({ model, colour }, index) => (
            <DotPattern key={model} id={`${id}-${index}`} colour={colour} />
          ))}
        </defs>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="day"
          height={5 * PITCH_PX}
          tickFormatter={dayText}
          minTickGap={32}
          tickMargin={10}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
        />
        <YAxis {...Y_AXIS} tickFormatter={(usd: number) => amount.format(usd)} />
        <Tooltip
          cursor={{ fill: 'var(--sunken)' }}
          isAnimationActive={false}
          content={({ active, label }) => {
            const day = usage.days.find((one) => one.day === label)
            return active && day ? <DayTooltip day={day} series={usage.series} /> : null
          }}
        />
        {usage.series.map(({ model, colour }, index) => (
          <Bar
            key={model}
            name={model}
            dataKey={({ costs }: UsageDay) => costs[index] ?? 0}
            stackId="cost"
            maxBarSize={8 * PITCH_PX}
            isAnimationActive={false}
            fill={colour}
            shape={(bar: BarShapeProps) => (
              <DotColumn
                bar={bar}
                pattern={`url(#${id}-${index})`}
                colour={colour}
                isLargest={isLargest(usage.days[bar.originalDataIndex], index)}
              />
            )}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  )
}

const isLargest = (day: UsageDay | undefined, index: number): boolean =>
  day !== undefined && Math.max(...day.costs) > 0 && day.costs[index] === Math.max(...day.costs)
