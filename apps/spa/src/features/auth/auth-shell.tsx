/** The frame of sign-up and sign-in: one calm column on a field of dots. */
import type { ReactNode } from 'react'
import { site } from '../../lib/hosts.ts'
import { Card } from '../../ui/card.tsx'
import { DotField } from '../../ui/dot-field.tsx'
import { Logo } from '../../ui/logo.tsx'
import { PageTitle } from '../../ui/page-title.tsx'

export interface AuthShellProps {
  title: string
  lead: ReactNode
  children: ReactNode
  footer: ReactNode
}

export const AuthShell = ({ title, lead, children, footer }: AuthShellProps) => (
  <div className="relative isolate flex min-h-dvh flex-col">
    <DotField />
    <header className="px-5 py-5 sm:px-8">
      <Logo href={`${site().landingOrigin}/`} />
    </header>
    {/* Not centred: nothing may move when a message makes the card taller. */}
    <main id="main" className="flex flex-1 items-start justify-center px-4 pb-16 sm:pt-[3vh]">
      <div className="w-full max-w-[27rem] animate-rise">
        <Card>
          <PageTitle className="font-semibold text-[1.7rem] leading-9">{title}</PageTitle>
          <div className="mt-2 text-muted leading-6">{lead}</div>
          <div className="mt-7">{children}</div>
        </Card>
        <p className="mt-6 text-center text-muted text-sm">{footer}</p>
      </div>
    </main>
  </div>
)
