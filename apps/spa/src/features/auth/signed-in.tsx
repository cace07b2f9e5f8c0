/** Whatever needs a signed-in person: shows it to them, and sends everybody else to the sign-in page and back. */
import type { UserView } from '@matrixos/shared'
import { Navigate, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageSkeleton } from '../connection/page-skeleton.tsx'
import { Unreachable } from '../connection/unreachable.tsx'
import { useSession } from './session.ts'

export function SignedIn({ children }: { children: (user: UserView) => ReactNode }) {
  const session = useSession()
  const { href } = useLocation()
  switch (session.status) {
    case 'loading':
      return <PageSkeleton />
    case 'unknown':
      return <Unreachable error={session.error} onRetry={session.retry} />
    case 'out':
      return <Navigate to="/login" search={{ next: href === '/' ? undefined : href }} replace />
    case 'in':
      return children(session.user)
  }
}
