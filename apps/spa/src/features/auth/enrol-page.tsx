/** `/enrol#SECRET`: a one-time link from an administrator, which lets its owner add a passkey. */
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect } from 'react'
import { errorText } from '../../lib/errors.ts'
import { takeSecret } from '../../lib/link-secret.ts'
import { trpc } from '../../lib/trpc.ts'
import { useLinkSecret } from '../../lib/use-link-secret.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AuthShell } from './auth-shell.tsx'
import { useEnrol } from './use-enrol.ts'
import { authErrorText } from './words.ts'

const secrets = takeSecret('mos.enrolment-link')
const LOST = 'This link is incomplete. Open it again, exactly as you received it.'

export function EnrolPage() {
  // Behind the `#`, which no server sees. Whoever reloads keeps it.
  const secret = useLinkSecret(secrets)
  const link = trpc.auth.enrolment.inspect.useMutation()
  const { mutate: inspect } = link
  useEffect(() => {
    if (secret) inspect({ secret })
  }, [secret, inspect])
  const problem = secret ? link.error && errorText(link.error) : LOST
  return (
    <AuthShell
      title={link.data ? `Welcome back, ${link.data.handle}` : 'Add a way to sign in'}
      lead="This link lets the owner of the account add a passkey, once."
      footer={
        <Link to="/login" className="font-medium text-accent underline-offset-4 hover:underline">
          Sign in instead
        </Link>
      }
    >
      {link.data ? (
        <Enrol secret={secret ?? ''} handle={link.data.handle} />
      ) : problem ? (
        <Notice tone="error">{problem}</Notice>
      ) : (
        <Skeleton className="h-13" />
      )}
    </AuthShell>
  )
}

function Enrol({ secret, handle }: { secret: string; handle: string }) {
  const enrol = useEnrol(secret, secrets.forget)
  if (!browserSupportsWebAuthn())
    return <Notice tone="warn">This browser does not support passkeys. Open the link in another one.</Notice>
  const problem = authErrorText(enrol.error)
  return (
    <>
      <Button size="lg" className="w-full" pending={enrol.isPending} onClick={() => enrol.mutate()}>
        {!enrol.isPending && <KeyRound aria-hidden />}
        Add a passkey
      </Button>
      {problem && (
        <Notice tone="error" className="mt-4">
          {problem}
        </Notice>
      )}
      <p className="mt-6 text-muted text-sm leading-6">
        Only continue if you are {handle} and asked for this link. Every browser that is signed in to the
        account is told.
      </p>
    </>
  )
}
