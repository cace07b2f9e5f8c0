/** `/admin/invites`: codes that let people sign up. */
import type { SignUpMode } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CreateInvite } from './invites/create-invite.tsx'
import { InviteList } from './invites/invite-list.tsx'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'

export function InvitesPage() {
  const invites = trpc.admin.invites.list.useInfiniteQuery(
    {},
    { getNextPageParam: (page) => page.nextCursor },
  )
  const settings = trpc.admin.settings.get.useQuery()
  const [isCreating, setCreating] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const mode = settings.data?.sign_up.value
  return (
    <div className="animate-rise">
      <PageHead
        title="Invites"
        action={
          <Button ref={opener} onClick={() => setCreating(true)}>
            Create invite
          </Button>
        }
      >
        <p>Whoever holds an invite can sign up while sign-up is by invitation.</p>
      </PageHead>
      {mode && mode !== 'invite' && <NotByInvitation mode={mode} />}
      {isCreating && <CreateInvite opener={opener} onClose={() => setCreating(false)} />}
      {invites.data ? (
        <InviteList
          invites={invites.data.pages.flatMap(({ items }) => items)}
          more={
            invites.hasNextPage
              ? { load: () => void invites.fetchNextPage(), isPending: invites.isFetchingNextPage }
              : null
          }
        />
      ) : invites.error ? (
        <QueryError title="The invites could not be loaded" query={invites} />
      ) : (
        <Skeleton className="mt-8 h-48" />
      )}
    </div>
  )
}

const NotByInvitation = ({ mode }: { mode: Exclude<SignUpMode, 'invite'> }) => (
  <Notice className="mt-6">
    {mode === 'open'
      ? 'Sign-up is open: nobody needs an invite now. '
      : 'Sign-up is closed: invites do not work now. '}
    <Link to="/admin/platform" className="underline underline-offset-4">
      Change it
    </Link>
  </Notice>
)
