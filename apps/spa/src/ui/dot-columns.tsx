/** Something in the course of time, as columns of lights. The figure in words stands beside it. */
import { cn } from './cn.ts'

const ROWS = 6
const PITCH = 8
const RADIUS = 2.6

export interface DotColumnsProps {
  /** Shares of what there is, 0 to 1, oldest first; `null`: there was nothing to measure. */
  values: readonly (number | null)[]
  /** Full is as much as it may be, and red. */
  isLimited?: boolean
  /** What it shows, for whoever cannot see it. */
  label: string
}

/** However little it is, it is not nothing. */
const heightOf = (value: number): number =>
  value <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, value) * ROWS))

function look(row: number, value: number | null, isLimited: boolean): string {
  if (value === null) return 'fill-unlit/50'
  return row < heightOf(value) ? (isLimited && value >= 0.9 ? 'fill-danger' : 'fill-lit') : 'fill-unlit'
}

export const DotColumns = ({ values, isLimited = false, label }: DotColumnsProps) => (
  <svg
    role="img"
    aria-label={label}
    viewBox={`0 0 ${values.length * PITCH} ${ROWS * PITCH}`}
    className="h-auto w-full"
  >
    {values.flatMap((value, column) =>
      Array.from({ length: value === null ? 1 : ROWS }, (_, row) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the matrix is all that it is
          key={`${column}-${row}`}
          cx={(column + 0.5) * PITCH}
          cy={(ROWS - row - 0.5) * PITCH}
          r={RADIUS}
          className={cn(look(row, value, isLimited))}
        />
      )),
    )}
  </svg>
)
