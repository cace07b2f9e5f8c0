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

function Pages({ label, pages }: Pick<SectionLayoutProps, 'label' | 'pages'>) {
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a phone it is wider than the screen: the page that is open is brought into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is current then
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current=page]')
    if (!nav.current || !current) return
    nav.current.scrollLeft = current.offsetLeft - (nav.current.clientWidth - current.offsetWidth) / 2
  }, [pathname])
  return (
    <nav
      ref={nav}
      aria-label={label}
      className="relative -mx-5 mb-8 overflow-x-auto px-5 sm:-mx-8 sm:px-8 lg:mx-0 lg:px-0"
    >
      <ul className="flex gap-1 lg:flex-col">
        {pages.map((page) => (
          <li key={page.to}>
            <Link
              to={page.to}
              activeOptions={{ exact: page.exact ?? false }}
              className="block whitespace-nowrap rounded-control px-3 py-2 text-muted text-sm hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {page.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
