/** `/login`: by passkey, or by password and authenticator code; then on to where the person was going. */
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { getRouteApi, Link, Navigate, useNavigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import { site } from '../../lib/hosts.ts'
import { safeNext } from '../../lib/next.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LateAnswer } from '../connection/late-answer.tsx'
import { PageSkeleton } from '../connection/page-skeleton.tsx'
import { Unreachable } from '../connection/unreachable.tsx'
import { AuthShell } from './auth-shell.tsx'
import { Divider } from './divider.tsx'
import { useSession, useSignedIn } from './session.ts'
import { TotpLogin, useTotpLogin } from './totp-login.tsx'
import { usePasskeyLogin } from './use-passkey-login.ts'
import { useSignUpMode } from './use-sign-up-mode.ts'
import { authErrorText } from './words.ts'

const route = getRouteApi('/login')

export function LoginPage() {
  const { next } = route.useSearch()
  const session = useSession()
  const mode = useSignUpMode()
  const [done, setDone] = useState(false)
  if (done || session.status === 'in') return <SendOn next={next} />
  if (session.status === 'loading') return <PageSkeleton />
  if (session.status === 'unknown') return <Unreachable error={session.error} onRetry={session.retry} />
  // Nobody can sign in to a computer that nobody has claimed.
  if (site().isSingle && mode === 'invite') return <Navigate to="/signup" replace />
  return <LoginForm onDone={() => setDone(true)} />
}

const GetStarted = () => (
  <>
    No account yet?{' '}
    <Link to="/signup" className="font-medium text-accent underline-offset-4 hover:underline">
      Get started
    </Link>
    {' · '}
  </>
)

function SendOn({ next }: { next: string | undefined }) {
  const navigate = useNavigate()
  useEffect(() => {
    const target = safeNext(next, location.origin)
    // In place of this page: Back would meet a link that is spent.
    if (target) location.replace(target)
    else void navigate({ to: '/', replace: true })
  }, [next, navigate])
  return <PageSkeleton />
}

function LoginForm({ onDone }: { onDone: () => void }) {
  const supported = browserSupportsWebAuthn()
  const signedIn = useSignedIn()
  const finish: typeof signedIn = (user) => {
    signedIn(user)
    onDone()
  }
  const totp = useTotpLogin(finish)
  const passkey = usePasskeyLogin({ enabled: supported, onDone: finish, onTry: totp.reset })
  const problem = authErrorText(passkey.error)
  return (
    <AuthShell
      title="Welcome back"
      lead="Sign in to your computer."
      footer={
        <>
          {!site().isSingle && <GetStarted />}
          <Link to="/recover" className="font-medium text-accent underline-offset-4 hover:underline">
            Lost your device?
          </Link>
        </>
      }
    >
      {supported ? (
        <>
          <Button size="lg" className="w-full" pending={passkey.pending} onClick={passkey.start}>
            {!passkey.pending && <KeyRound aria-hidden />}
            Sign in with a passkey
          </Button>
          {problem && (
            <Notice tone="error" className="mt-4">
              {problem}
            </Notice>
          )}
          <Divider>or with a password and code</Divider>
        </>
      ) : (
        <Notice className="mb-6">
          This browser does not support passkeys. Sign in with your password and code.
        </Notice>
      )}
      <TotpLogin login={totp} onTry={passkey.reset} />
      <LateAnswer pending={totp.isPending || passkey.asking} />
    </AuthShell>
  )
}
