/** One subject of a settings page: a heading, what it is for, its main action, and its content. */
import { type ReactNode, useId } from 'react'
import { Card } from '../../ui/card.tsx'

export interface SettingsSectionProps {
  title: string
  lead: ReactNode
  action?: ReactNode
  children: ReactNode
}

export function SettingsSection({ title, lead, action, children }: SettingsSectionProps) {
  const id = useId()
  return (
    <Card aria-labelledby={id}>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id={id} className="font-semibold text-lg">
            {title}
          </h2>
          <div className="mt-1 text-muted text-sm leading-6">{lead}</div>
        </div>
        {action}
      </div>
      <div className="mt-6 empty:hidden">{children}</div>
    </Card>
  )
}
