/** One part of a person's page. */
import { type ReactNode, useId } from 'react'
import { Card } from '../../../ui/card.tsx'

export interface SectionProps {
  title: string
  action?: ReactNode
  children: ReactNode
}

export function Section({ title, action, children }: SectionProps) {
  const id = useId()
  return (
    <Card aria-labelledby={id} className="mt-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={id} className="font-semibold text-lg">
          {title}
        </h2>
        {action}
      </div>
      {children}
    </Card>
  )
}

export const Nothing = ({ children }: { children: string }) => (
  <p className="mt-3 text-muted text-sm">{children}</p>
)
