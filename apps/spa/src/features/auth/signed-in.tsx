/** Whatever needs a signed-in person: shows it to them, and sends everybody else to the sign-in page and back. */
import type { UserView } from '@matrixos/shared'
import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { PageSkeleton } from '../connection/page-skeleton.tsx'
import { Unreachable } from '../connection/unreachable.tsx'
import { useSession } from './session.ts'

export function SignedIn({ children }: { children: (user: UserView) => ReactNode }) {
  const session = useSession()
  switch (session.status) {
    case 'loading':
      return <PageSkeleton />
    case 'unknown':
      return <Unreachable error={session.error} onRetry={session.retry} />
    case 'out':
      return <ToSignIn />
    case 'in':
      return children(session.user)
  }
}

/** Leaves once, for good: while the sign-in page loads, this is still here, and the address is that page's already. */
function ToSignIn() {
  const router = useRouter()
  useEffect(() => {
    const { href, pathname } = router.state.location
    if (pathname === '/login') return
    void router.navigate({ to: '/login', search: { next: href === '/' ? undefined : href }, replace: true })
  }, [router])
  return <PageSkeleton />
}
