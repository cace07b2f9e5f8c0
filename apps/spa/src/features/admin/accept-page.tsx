/** `/admin/accept`: where the link leads that `npm run admin -- grant` printed for one person. */
import type { UserView } from '@matrixos/shared'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { adminLink } from '../../lib/admin-link.ts'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { PageSkeleton } from '../connection/page-skeleton.tsx'

/** The secret leaves the address first: signing in carries that along, and servers write it down. */
export function AcceptPage() {
  const { hash } = useLocation()
  const navigate = useNavigate()
  useEffect(() => {
    if (hash === '') return
    adminLink.keep(hash)
    void navigate({ to: '/admin/accept', hash: '', replace: true })
  }, [hash, navigate])
  if (hash !== '') return <PageSkeleton />
  return <SignedIn>{(user) => <Accept user={user} />}</SignedIn>
}

function Accept({ user }: { user: UserView }) {
  const [secret] = useState(() => adminLink.read())
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const accept = trpc.admin.accept.useMutation({
    onSuccess: async () => {
      adminLink.forget()
      await utils.auth.session.invalidate()
      toast.success('You are an administrator now.')
      await navigate({ to: '/admin', replace: true })
    },
  })
  if (!secret) {
    return (
      <MessagePage title="This link is incomplete">
        Copy the whole link that the server printed, up to its last character, and open it again.
      </MessagePage>
    )
  }
  return (
    <MessagePage
      title="Become an administrator"
      actions={
        <Button pending={accept.isPending} onClick={() => accept.mutate({ secret })}>
          Become an administrator
        </Button>
      }
    >
      <p>
        {user.handle}, you will see everybody’s accounts, suspend people, manage invites and change the
        platform’s settings.
      </p>
      {accept.error && (
        <Notice tone="error" className="mt-6 text-left">
          {errorText(accept.error)}
        </Notice>
      )}
    </MessagePage>
  )
}
