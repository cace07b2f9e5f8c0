/** The head of a page of the administration: its title, what it is for, and its one main action. */
import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'

export interface PageHeadProps {
  title: string
  children?: ReactNode
  action?: ReactNode
}

export const PageHead = ({ title, children, action }: PageHeadProps) => (
  <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
    <div className="min-w-0 flex-1 basis-72">
      <PageTitle className="break-words font-semibold text-2xl">{title}</PageTitle>
      {children && <div className="mt-2 max-w-prose text-muted leading-7">{children}</div>}
    </div>
    {action}
  </div>
)
