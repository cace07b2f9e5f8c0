/** `/credits/confirm-email#SECRET`: the link that proves whose address it is. */
import { Link } from '@tanstack/react-router'
import { SIGNED, takeSecret } from '../../lib/link-secret.ts'
import { trpc } from '../../lib/trpc.ts'
import { useLinkSecret } from '../../lib/use-link-secret.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { Problem } from '../connection/problem.tsx'

const secrets = takeSecret('mos.alert-address', SIGNED)

export function ConfirmEmailPage() {
  // Whoever has to sign in first is sent back to the address by a parameter: the secret is not in it by then.
  const secret = useLinkSecret(secrets)
  return <SignedIn>{() => (secret ? <Confirm secret={secret} /> : <NoLink />)}</SignedIn>
}

function Confirm({ secret }: { secret: string }) {
  const { quota } = trpc.useUtils()
  const confirm = trpc.quota.confirmAlertAddress.useMutation({
    onSuccess: () => {
      secrets.forget()
      void quota.credits.invalidate()
    },
  })
  if (confirm.isSuccess) {
    return (
      <MessagePage
        title="Your address is confirmed"
        actions={<ButtonLink href="/settings/credits">See your credits</ButtonLink>}
      >
        <p>You get an email when 80% of your credits are used, and when they are used up.</p>
      </MessagePage>
    )
  }
  // A click, not the visit: mail programs open links to look at them.
  return (
    <MessagePage
      title="Confirm your email address"
      actions={
        <Button pending={confirm.isPending} onClick={() => confirm.mutate({ secret })}>
          Confirm
        </Button>
      }
    >
      <p>Alerts about your AI credits go there from then on.</p>
      <Problem error={confirm.error} className="mt-6 text-left" />
    </MessagePage>
  )
}

const NoLink = () => (
  <MessagePage
    title="This link is incomplete"
    actions={
      <Link to="/settings/credits" className="text-accent underline underline-offset-4">
        Open your credits
      </Link>
    }
  >
    <p>Open it again exactly as it stands in the email, or have another one sent.</p>
  </MessagePage>
)
