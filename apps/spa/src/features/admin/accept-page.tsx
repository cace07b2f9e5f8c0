/** `/admin/accept#SECRET`: the link by which the server's command line makes somebody an administrator. */

import type { UserView } from '@matrixos/shared'
import { Link, useNavigate } from '@tanstack/react-router'
import { takeSecret } from '../../lib/link-secret.ts'
import { trpc } from '../../lib/trpc.ts'
import { useLinkSecret } from '../../lib/use-link-secret.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { Problem } from '../connection/problem.tsx'

const secrets = takeSecret('mos.admin-link')

export function AcceptPage() {
  // Whoever has to sign in first is sent back to the address by a parameter: the secret is not in it by then.
  const secret = useLinkSecret(secrets)
  return <SignedIn>{(user) => (secret ? <Accept user={user} secret={secret} /> : <NoLink />)}</SignedIn>
}

function Accept({ user, secret }: { user: UserView; secret: string }) {
  const utils = trpc.useUtils()
  const navigate = useNavigate()
  const accept = trpc.admin.accept.useMutation({
    onSuccess: async () => {
      secrets.forget()
      await utils.auth.invalidate()
      void navigate({ to: '/admin', replace: true })
    },
  })
  return (
    <MessagePage
      title="Become an administrator"
      actions={
        <>
          <Button pending={accept.isPending} onClick={() => accept.mutate({ secret })}>
            Accept as {user.handle}
          </Button>
          <ButtonLink href="/" variant="ghost" onClick={secrets.forget}>
            Not now
          </ButtonLink>
        </>
      }
    >
      <p>
        Administrators see everyone’s accounts and the audit log. They can suspend accounts, invite people and
        change the platform’s settings. Everything they do is recorded.
      </p>
      <Problem error={accept.error} className="mt-6 text-left" />
    </MessagePage>
  )
}

const NoLink = () => (
  <MessagePage title="This link is incomplete" actions={<Link to="/">Open the dashboard</Link>}>
    <p>Open it again exactly as it was given to you. On the server, npm run admin prints a new one.</p>
  </MessagePage>
)
