/** A card with one figure that counts most, and what goes with it. */
import { type ReactNode, useId } from 'react'
import { Card } from '../../../ui/card.tsx'

export interface FigureCardProps {
  title: string
  /** Absent where no single figure counts most. */
  figure?: string
  unit?: string
  children?: ReactNode
  className?: string
}

export function FigureCard({ title, figure, unit, children, className }: FigureCardProps) {
  const id = useId()
  return (
    <Card aria-labelledby={id} className={className}>
      <h2 id={id} className="font-medium text-muted text-sm">
        {title}
      </h2>
      {figure !== undefined && (
        <p className="mt-2 flex items-baseline gap-2">
          <span className="font-semibold text-3xl tabular-nums tracking-tight">{figure}</span>
          <span className="text-muted text-sm">{unit}</span>
        </p>
      )}
      {children}
    </Card>
  )
}

export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="mt-5 space-y-2 border-line border-t pt-4 text-sm">{children}</dl>
)

export const Fact = ({ term, children }: { term: ReactNode; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-4">
    <dt className="min-w-0 text-muted">{term}</dt>
    <dd className="whitespace-nowrap tabular-nums">{children}</dd>
  </div>
)
