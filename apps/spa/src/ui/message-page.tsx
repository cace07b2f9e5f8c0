/** A page that says one thing: not found, broken, goodbye. */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { PageTitle } from './page-title.tsx'

export interface MessagePageProps {
  icon: LucideIcon
  title: string
  children: ReactNode
  actions?: ReactNode
}

export const MessagePage = ({ icon: Icon, title, children, actions }: MessagePageProps) => (
  <main id="main" className="grid min-h-dvh place-items-center px-6 py-16">
    <div className="w-full max-w-md animate-rise text-center">
      <span className="mx-auto grid size-14 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden className="size-6" />
      </span>
      <PageTitle className="mt-6 font-semibold text-3xl">{title}</PageTitle>
      <div className="mt-3 text-muted leading-7">{children}</div>
      {actions && <div className="mt-8 flex flex-wrap justify-center gap-3">{actions}</div>}
    </div>
  </main>
)
