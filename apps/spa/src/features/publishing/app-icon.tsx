/** An app's icon: its emoji, or the dots of its name, on the black glass of its computer. */
import { GLYPH_SIZE, glyphOf, matrix } from '@matrixos/shared'
import { cn } from '../../ui/cn.ts'

export interface IconDot {
  /** In dots, from the left and from the top. */
  x: number
  y: number
  kind: 'life' | 'on' | 'off'
}

/** Radii of the dots, in dots. */
export const RADII = { life: 0.5, on: 0.42, off: 0.2 } as const
/** Of a machine, in both themes. */
export const GLASS = { ground: '#0b0f0d', on: '#dfe8e2', life: '#3ddc84', off: '#2b332e' } as const

export function iconDots(app: string): IconDot[] {
  const { dots, life } = glyphOf(app)
  const isAt = (at: { x: number; y: number }) => (dot: { x: number; y: number }) =>
    dot.x === at.x && dot.y === at.y
  return matrix().map((at) => ({
    ...at,
    kind: isAt(at)(life) ? 'life' : dots.some(isAt(at)) ? 'on' : 'off',
  }))
}

export function AppIcon({
  app,
  emoji,
  className,
}: {
  app: string
  emoji?: string | undefined
  className?: string
}) {
  return (
    <svg
      aria-hidden
      viewBox={`-1 -1 ${GLYPH_SIZE + 2} ${GLYPH_SIZE + 2}`}
      className={cn('size-12 shrink-0', className)}
    >
      <rect x="-1" y="-1" width={GLYPH_SIZE + 2} height={GLYPH_SIZE + 2} rx="1.6" fill={GLASS.ground} />
      {emoji ? (
        <text
          x={GLYPH_SIZE / 2}
          y={GLYPH_SIZE / 2}
          fontSize="3.8"
          textAnchor="middle"
          dominantBaseline="central"
        >
          {emoji}
        </text>
      ) : (
        iconDots(app).map(({ x, y, kind }) => (
          <circle key={`${x} ${y}`} cx={x + 0.5} cy={y + 0.5} r={RADII[kind]} fill={GLASS[kind]} />
        ))
      )}
    </svg>
  )
}
