/** One way to sign in: what it is, what is known of it, and what can be done with it. */
import type { ReactNode } from 'react'

export interface FactorRowProps {
  icon: ReactNode
  name: string
  facts: string[]
  actions: ReactNode
}

export const FactorRow = ({ icon, name, facts, actions }: FactorRowProps) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4">
    <span className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-accent [&_svg]:size-5">
      {icon}
    </span>
    <div className="min-w-0 flex-1 basis-52">
      <p className="break-words font-medium">{name}</p>
      {facts.map((fact) => (
        <p key={fact} className="text-muted text-sm leading-6">
          {fact}
        </p>
      ))}
    </div>
    <div className="-ml-3 flex flex-wrap gap-1 sm:ml-0">{actions}</div>
  </div>
)
