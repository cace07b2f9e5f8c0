/** `/goodbye`: after an account was deleted. */
import { Link, Navigate } from '@tanstack/react-router'
import { Leaf } from 'lucide-react'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { PageSkeleton } from '../../ui/page-skeleton.tsx'
import { useSession } from '../auth/session.ts'

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
    icon={Leaf}
    title="Goodbye"
    actions={
      <ButtonLink href={`${site().landingOrigin}/`} variant="secondary">
        To the start page
      </ButtonLink>
    }
  >
    <p>Your computer and your account are deleted. Thank you for having been here.</p>
    <p className="mt-3 text-sm">
      You can{' '}
      <Link to="/signup" className="text-accent underline underline-offset-4">
        start afresh
      </Link>{' '}
      with another handle at any time.
    </p>
  </MessagePage>
)
