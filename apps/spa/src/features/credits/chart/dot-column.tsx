/** A part of a column, as dots on the chart's grid. */
import type { BarShapeProps } from 'recharts'
import { PITCH_PX } from './sizes.ts'

export const DotPattern = ({ id, colour }: { id: string; colour: string }) => (
  <pattern id={id} width={PITCH_PX} height={PITCH_PX} patternUnits="userSpaceOnUse">
    <circle cx={PITCH_PX / 2} cy={PITCH_PX / 2} r={2.4} style={{ fill: colour }} />
  </pattern>
)

export interface DotColumnProps {
  bar: BarShapeProps
  pattern: string
  colour: string
  /** Of its day: that part is drawn however little it is, so that no day with a cost looks like one without. */
  isLargest: boolean
}

export function DotColumn({ bar, pattern, colour, isLargest }: DotColumnProps) {
  const { x, y, width, height } = bar
  const columns = Math.floor(width / PITCH_PX)
  const bottom = Math.round((y + height) / PITCH_PX)
  const rows = Math.max(bottom - Math.round(y / PITCH_PX), isLargest ? 1 : 0)
  const top = (bottom - rows) * PITCH_PX
  // Too narrow for dots, as 90 days are on a phone.
  if (columns === 0) {
    return <rect x={x} y={top} width={width} height={rows * PITCH_PX} style={{ fill: colour }} />
  }
  // Moved as a whole: a pattern begins where the shape's own coordinates do.
  const left = x + (width - columns * PITCH_PX) / 2
  return (
    <g transform={`translate(${left} 0)`}>
      <rect y={top} width={columns * PITCH_PX} height={rows * PITCH_PX} fill={pattern} />
    </g>
  )
}
