/** `/signup`: a handle, then a passkey, or a password with an authenticator app. */
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { drafts, type SignUpDraft } from '../../lib/drafts.ts'
import { PageSkeleton } from '../../ui/page-skeleton.tsx'
import { HandleStep } from './handle-step.tsx'
import { useSession, useSignedIn } from './session.ts'
import { TotpSetup } from './totp-setup.tsx'

const route = getRouteApi('/signup')

export function SignUpPage() {
  const session = useSession()
  if (session.status === 'loading') return <PageSkeleton />
  if (session.status === 'in') return <Navigate to="/" replace />
  return <SignUp />
}

function SignUp() {
  const proposed = route.useSearch().handle
  const [draft, setDraft] = useState<SignUpDraft>(
    () => drafts.readSignUp() ?? { handle: proposed ?? '', step: 'handle' },
  )
  const [refusal, setRefusal] = useState<{ handle: string; message: string } | null>(null)
  const signedIn = useSignedIn()
  const keep = (next: SignUpDraft) => {
    drafts.saveSignUp(next)
    setDraft(next)
  }
  // The session that this sets sends the page on to `/`, which shows the first start.
  const finish: typeof signedIn = (user) => {
    drafts.forgetSignUp()
    drafts.expectFirstStart(user.handle)
    signedIn(user)
  }
  if (draft.step === 'handle') {
    return (
      <HandleStep
        handle={draft.handle}
        refusal={refusal}
        onHandle={(handle) => keep({ ...draft, handle })}
        onRefused={setRefusal}
        onTotp={(handle) => keep({ handle, step: 'password' })}
        onDone={finish}
      />
    )
  }
  return (
    <TotpSetup
      handle={draft.handle}
      restarted={draft.step === 'code'}
      onShown={() => keep({ ...draft, step: 'code' })}
      onBack={(message) => {
        setRefusal(message === null ? null : { handle: draft.handle, message })
        keep({ ...draft, step: 'handle' })
      }}
      onDone={finish}
    />
  )
}
