/** The frame of a group of pages, such as the settings: a heading, and the way from one page to the next. */
import type { UserView } from '@matrixos/shared'
import { Link, type LinkProps, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { AppShell } from './app-shell.tsx'

export interface SectionPage {
  to: NonNullable<LinkProps['to']>
  label: string
  /** Active on this very path alone, not below it. */
  exact?: boolean
}

export interface SectionLayoutProps {
  user: UserView
  label: string
  pages: SectionPage[]
}

export const SectionLayout = ({ user, label, pages }: SectionLayoutProps) => (
  <AppShell user={user} wide>
    <div className="gap-10 lg:grid lg:grid-cols-[11rem_minmax(0,1fr)]">
      <Pages label={label} pages={pages} />
      <div className="min-w-0">
        <Outlet />
      </div>
    </div>
  </AppShell>
)

function Pages({ label, pages }: Omit<SectionLayoutProps, 'user'>) {
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a phone, not all of them fit: the one that is open must not be cut off.
  useEffect(() => {
    const current = nav.current?.querySelector(`a[href="${pathname}"]`)
    current?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [pathname])
  return (
    <nav
      ref={nav}
      aria-label={label}
      className="-mx-5 mb-8 overflow-x-auto px-5 sm:-mx-8 sm:px-8 lg:mx-0 lg:px-0"
    >
      <ul className="flex gap-1 lg:flex-col">
        {pages.map((page) => (
          <li key={page.to}>
            <Link
              to={page.to}
              activeOptions={{ exact: page.exact ?? false }}
              className="block whitespace-nowrap rounded-control px-3 py-3 text-muted text-sm sm:py-2 hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {page.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
