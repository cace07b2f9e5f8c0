/** How far something is that moves. */
import type { ReactNode } from 'react'

export const percent = (done: number, total: number): number =>
  total === 0 ? 0 : Math.min(100, Math.floor((100 * done) / total))

export interface BarProps {
  label: string
  /** Percent; `null`: nobody knows yet. */
  value: number | null
  children?: ReactNode
}

export const Bar = ({ label, value, children }: BarProps) => (
  <div className="text-sm">
    <p className="flex justify-between gap-4">
      <span className="min-w-0 truncate">{label}</span>
      {value !== null && <span className="tabular-nums">{value}%</span>}
    </p>
    <progress
      aria-label={label}
      max={100}
      {...(value !== null && { value })}
      className="mt-2 h-2 w-full accent-accent"
    />
    {children && <p className="mt-2 text-muted">{children}</p>}
  </div>
)
