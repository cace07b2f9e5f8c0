/** The mark: a matrix of nine computers, one of them awake. */
import { cn } from './cn.ts'

const DOTS = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => ({ x: 4 + column * 8, y: 4 + row * 8 })))

export const Mark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6', className)}>
    {DOTS.map(({ x, y }) => {
      const awake = x === 12 && y === 12
      return (
        <circle
          key={`${x}-${y}`}
          cx={x}
          cy={y}
          r={awake ? 3.4 : 2.4}
          className={awake ? 'fill-lit' : 'fill-ink/45'}
        />
      )
    })}
  </svg>
)

export const Logo = ({ href }: { href: string }) => (
  <a
    href={href}
    className="inline-flex shrink-0 items-center gap-2.5 whitespace-nowrap rounded-lg font-semibold tracking-tight"
  >
    <Mark />
    Matrix OS
  </a>
)
