/** A picture of dots, row by row: `#` is lit, `o` is the one in the accent's colour, anything else is left out. */

interface DotMatrixProps {
  rows: readonly string[]
  className?: string
}

function DotMatrix({ rows, className }: DotMatrixProps) {
  const width = Math.max(...rows.map((row) => row.length))
  const dots = rows.flatMap((row, y) =>
    [...row].flatMap((mark, x) => (mark === '#' || mark === 'o' ? [{ x, y, mark }] : [])),
  )
  return (
    <svg viewBox={`0 0 ${width} ${rows.length}`} className={`dots ${className ?? ''}`} aria-hidden="true">
      {dots.map(({ x, y, mark }) => (
        <circle
          key={`${x} ${y}`}
          cx={x + 0.5}
          cy={y + 0.5}
          r={0.42}
          className={mark === 'o' ? 'lit' : undefined}
        />
      ))}
    </svg>
  )
}

/** Icons are made once, outside of render: `const Icon = dotIcon('..#..', …)`. */
export const dotIcon =
  (...rows: string[]) =>
  () => <DotMatrix rows={rows} />
