/** The glyph of a handle, on black glass in both themes: the face of somebody's computer, as in its icon. */
import { GLYPH_SIZE, glyphOf } from '@matrixos/shared'
import { cn } from '../../ui/cn.ts'

const MARGIN = 1.4
const EDGE = GLYPH_SIZE + 2 * MARGIN

export function Glyph({ handle, className }: { handle: string; className?: string }) {
  const { dots, life } = glyphOf(handle)
  return (
    <svg
      viewBox={`${-MARGIN} ${-MARGIN} ${EDGE} ${EDGE}`}
      aria-hidden="true"
      className={cn('rounded-full bg-[#0e1311]', className)}
    >
      {dots.map(({ x, y }) => (
        <circle key={`${x} ${y}`} cx={x + 0.5} cy={y + 0.5} r={0.42} fill="#a9b8b0" />
      ))}
      <circle cx={life.x + 0.5} cy={life.y + 0.5} r={0.5} fill="oklch(0.83 0.17 160)" />
    </svg>
  )
}
