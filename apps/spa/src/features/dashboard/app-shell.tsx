/** The frame of the dashboard: the mark, and the person's menu. */
import type { UserView } from '@matrixos/shared'
import { useNavigate } from '@tanstack/react-router'
import { ChevronDown, Compass, LogOut, MonitorOff, Settings, ShieldCheck, UserRound } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { cn } from '../../ui/cn.ts'
import { Logo } from '../../ui/logo.tsx'
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx'
import { useKeptFocus } from '../../ui/use-kept-focus.ts'
import { AccountNotices } from './account-notices.tsx'
import { Glyph } from './glyph.tsx'
import { leaveTo } from './leave.ts'
import { MainNav } from './main-nav.tsx'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

export interface AppShellProps {
  user: UserView
  /** For pages with a navigation of their own. */
  wide?: boolean
  children: ReactNode
}

export function AppShell({ user, wide = false, children }: AppShellProps) {
  const main = useRef<HTMLElement>(null)
  // What a button settles or deletes goes away, and the button with it.
  useKeptFocus(main)
  return (
    <div className="min-h-dvh">
      <header className="border-line border-b bg-surface/70">
        <div
          className={cn(
            'mx-auto flex h-16 items-center justify-between gap-4 px-5 sm:px-8',
            wide ? 'max-w-6xl' : 'max-w-4xl',
          )}
        >
          <div className="flex min-w-0 items-center gap-3 sm:gap-6">
            <Logo href="/" />
            <div className="hidden sm:block">
              <MainNav />
            </div>
          </div>
          <UserMenu user={user} />
        </div>
        <div className="mx-auto -mt-1 px-2.5 pb-1.5 sm:hidden">
          <MainNav />
        </div>
      </header>
      <main
        ref={main}
        id="main"
        className={cn('mx-auto px-5 py-10 sm:px-8 sm:py-14', wide ? 'max-w-6xl' : 'max-w-4xl')}
      >
        <AccountNotices />
        {children}
      </main>
    </div>
  )
}

function UserMenu({ user }: { user: UserView }) {
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const navigate = useNavigate()
  const logout = trpc.auth.logout.useMutation({
    onSuccess: () => leaveTo('/login', 'You are signed out.'),
    onError: (error) => toast.error(errorText(error)),
  })
  const methods = user.signInMethods.map((method) =>
    method === 'passkey' ? 'a passkey' : 'a password and code',
  )
  return (
    <>
      <Menu
        trigger={
          <button
            ref={opener}
            type="button"
            className="flex min-w-0 items-center gap-2.5 rounded-full border border-line bg-surface py-[7px] pr-3 pl-1.5 text-sm hover:border-line-strong"
          >
            <Glyph handle={user.handle} className="size-7 shrink-0" />
            <span className="truncate font-medium">{user.handle}</span>
            <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
          </button>
        }
      >
        <MenuLabel>Signs in with {methods.join(' or ')}</MenuLabel>
        {!site().isSingle && <AmongPeople handle={user.handle} />}
        <MenuItem onSelect={() => void navigate({ to: '/settings/security' })}>
          <Settings aria-hidden /> Settings
        </MenuItem>
        {user.role === 'admin' && (
          <MenuItem onSelect={() => void navigate({ to: '/admin' })}>
            <ShieldCheck aria-hidden /> Administration
          </MenuItem>
        )}
        <MenuItem onSelect={() => logout.mutate()}>
          <LogOut aria-hidden /> Sign out
        </MenuItem>
        <MenuItem onSelect={() => setAsking(true)}>
          <MonitorOff aria-hidden /> Sign out everywhere
        </MenuItem>
      </Menu>
      <SignOutEverywhere open={asking} onOpenChange={setAsking} opener={opener} />
    </>
  )
}

/** One person alone has nobody to show themselves to. */
function AmongPeople({ handle }: { handle: string }) {
  const navigate = useNavigate()
  return (
    <>
      <MenuItem onSelect={() => void navigate({ to: '/@{$handle}', params: { handle } })}>
        <UserRound aria-hidden /> Profile
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: '/explore' })}>
        <Compass aria-hidden /> Explore
      </MenuItem>
    </>
  )
}
