/** `/goodbye`: after an account was deleted. */
import { QUARANTINE_DAYS } from '@matrixos/shared'
import { Link, Navigate } from '@tanstack/react-router'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { useSession } from '../auth/session.ts'
import { PageSkeleton } from '../connection/page-skeleton.tsx'

/** Deleting goes on for some seconds, in which the session still stands: only a computer that stays is gone back to. */
export function GoodbyePage() {
  const session = useSession()
  const isIn = session.status === 'in'
  const mine = trpc.tenants.mine.useQuery(undefined, { enabled: isIn })
  if (session.status === 'loading' || (isIn && mine.isPending)) return <PageSkeleton />
  if (isIn && mine.data && mine.data.desired !== 'deleted') return <Navigate to="/" replace />
  return <Goodbye />
}

const Goodbye = () => (
  <MessagePage
    title="Goodbye"
    actions={
      <ButtonLink href={`${site().landingOrigin}/`} variant="secondary">
        Back to home
      </ButtonLink>
    }
  >
    <p>Your computer and your account have been deleted. Thank you for being here.</p>
    <p className="mt-3 text-sm">
      Your handle stays reserved for {QUARANTINE_DAYS} days. You can{' '}
      <Link to="/signup" className="text-accent underline underline-offset-4">
        sign up again
      </Link>{' '}
      with another one at any time.
    </p>
  </MessagePage>
)
