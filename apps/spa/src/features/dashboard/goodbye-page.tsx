/** `/goodbye`: after an account was deleted. */
import { isLeaving, QUARANTINE_DAYS } from '@matrixos/shared'
import { Link, Navigate } from '@tanstack/react-router'
import { site } from '../../lib/hosts.ts'
import { longDate } from '../../lib/time.ts'
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
  if (isIn && mine.data && !isLeaving(mine.data.desired)) return <Navigate to="/" replace />
  const dueAt = isIn ? mine.data?.deletionDueAt : null
  return dueAt && mine.data?.desired === 'leaving' ? <Closed dueAt={dueAt} /> : <Goodbye />
}

const Closed = ({ dueAt }: { dueAt: string }) => (
  <MessagePage
    title="Your computer is closed"
    actions={<ButtonLink href="/">Back to the dashboard</ButtonLink>}
  >
    <p>It will be deleted for good on {longDate(dueAt)}, and your account with it.</p>
    <p className="mt-3 text-sm">
      If you change your mind before then, sign in and take it back: everything is still as you left it.
    </p>
  </MessagePage>
)

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
