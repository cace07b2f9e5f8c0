/** A page that says one thing: not found, broken, goodbye. The api's pages on instance hosts look the same. */
import type { ReactNode } from 'react'
import { DotField } from './dot-field.tsx'
import { Mark } from './logo.tsx'
import { PageTitle } from './page-title.tsx'

export interface MessagePageProps {
  title: string
  children: ReactNode
  actions?: ReactNode
}

export const MessagePage = ({ title, children, actions }: MessagePageProps) => (
  <main id="main" className="relative isolate grid min-h-dvh place-items-center px-6 py-16">
    <DotField />
    <div className="w-full max-w-md animate-rise text-center">
      <Mark className="mx-auto size-14" />
      <PageTitle className="mt-6 font-semibold text-3xl leading-tight">{title}</PageTitle>
      <div className="mt-3 text-muted leading-7">{children}</div>
      {actions && <div className="mt-8 flex flex-wrap justify-center gap-3">{actions}</div>}
    </div>
  </main>
)
