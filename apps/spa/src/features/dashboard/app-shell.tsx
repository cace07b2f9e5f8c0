/** The frame of the dashboard: the mark, and the person's menu. */
import type { UserView } from '@matrixos/shared'
import { ChevronDown, LogOut, MonitorOff } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Logo } from '../../ui/logo.tsx'
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx'
import { leaveTo } from './leave.ts'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

export const AppShell = ({ user, children }: { user: UserView; children: ReactNode }) => (
  <div className="min-h-dvh">
    <header className="border-line border-b bg-surface/70">
      <div className="mx-auto flex h-16 max-w-4xl items-center justify-between gap-4 px-5 sm:px-8">
        <Logo href="/" />
        <UserMenu user={user} />
      </div>
    </header>
    <main id="main" className="mx-auto max-w-4xl px-5 py-10 sm:px-8 sm:py-14">
      {children}
    </main>
  </div>
)

function UserMenu({ user }: { user: UserView }) {
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
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
            className="flex min-w-0 items-center gap-2.5 rounded-full border border-line bg-surface py-1.5 pr-3 pl-1.5 text-sm hover:border-line-strong"
          >
            <span
              aria-hidden
              className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent uppercase"
            >
              {user.handle[0]}
            </span>
            <span className="truncate font-medium">{user.handle}</span>
            <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
          </button>
        }
      >
        <MenuLabel>Signs in with {methods.join(' or ')}</MenuLabel>
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
