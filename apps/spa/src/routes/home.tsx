/** `app.DOMAIN/`: the signed-in person's own place, or the way to sign in. */
import { Navigate } from '@tanstack/react-router'
import { useSession } from '../features/auth/session.ts'
import { PageSkeleton } from '../features/connection/page-skeleton.tsx'
import { Unreachable } from '../features/connection/unreachable.tsx'
import { Workspace } from '../features/dashboard/workspace.tsx'

export function Home() {
  const session = useSession()
  switch (session.status) {
    case 'loading':
      return <PageSkeleton />
    case 'unknown':
      return <Unreachable error={session.error} onRetry={session.retry} />
    case 'out':
      return <Navigate to="/login" replace />
    case 'in':
      return <Workspace user={session.user} />
  }
}
