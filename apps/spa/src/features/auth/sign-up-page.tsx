/** `/signup`: a handle, then a passkey, or a password with an authenticator app. */
import { getRouteApi, Navigate, useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { drafts, type SignUpDraft } from '../../lib/drafts.ts'
import { PageSkeleton } from '../connection/page-skeleton.tsx'
import { HandleStep } from './handle-step.tsx'
import { useSession, useSignedIn } from './session.ts'
import { SignUpClosed } from './sign-up-closed.tsx'
import { TotpSetup } from './totp-setup.tsx'
import { useSignUpMode } from './use-sign-up-mode.ts'

const route = getRouteApi('/signup')

type Go = (step: 'handle' | 'password' | 'code', options?: { replace: boolean }) => void

export function SignUpPage() {
  const session = useSession()
  const mode = useSignUpMode()
  if (session.status === 'loading' || mode === null) return <PageSkeleton />
  if (session.status === 'in') return <Navigate to="/" replace />
  return mode === 'closed' ? <SignUpClosed /> : <SignUp byInvitation={mode === 'invite'} />
}

function SignUp({ byInvitation }: { byInvitation: boolean }) {
  const { draft, keep, step, go } = useSignUp()
  const [refusal, setRefusal] = useState<{ handle: string; message: string } | null>(null)
  const signedIn = useSignedIn()
  // The session that this sets sends the page on to `/`, which shows the first start.
  const finish: typeof signedIn = (user) => {
    drafts.forgetSignUp()
    drafts.expectFirstStart(user.handle)
    signedIn(user)
  }
  const invite = byInvitation ? draft.invite : null
  if (step === 'handle') {
    return (
      <HandleStep
        handle={draft.handle}
        invite={invite}
        refusal={refusal}
        onHandle={(handle) => keep({ ...draft, handle })}
        onInvite={(code) => keep({ ...draft, invite: code })}
        onRefused={setRefusal}
        onTotp={(handle) => {
          keep({ ...draft, handle })
          go('password')
        }}
        onDone={finish}
      />
    )
  }
  return (
    <TotpSetup
      handle={draft.handle}
      invite={invite}
      step={step}
      restarted={draft.qrShown}
      onStep={(next, options) => {
        if (next === 'code') keep({ ...draft, qrShown: true })
        go(next, options)
      }}
      onBack={(message) => {
        setRefusal(message === null ? null : { handle: draft.handle, message })
        go('handle', { replace: message !== null })
      }}
      onDone={finish}
    />
  )
}

/** The steps are entries of the browser's history, so that Back leads to the step before. */
function useSignUp() {
  const { handle: proposed, invite: brought, step } = route.useSearch()
  const navigate = useNavigate()
  const [draft, setDraft] = useState<SignUpDraft>(() => {
    const kept = drafts.readSignUp()
    const begun = proposed === undefined && kept ? kept : { handle: proposed ?? '', qrShown: false }
    return { ...begun, invite: brought ?? kept?.invite ?? '' }
  })
  const keep = (next: SignUpDraft) => {
    drafts.saveSignUp(next)
    setDraft(next)
  }
  const go: Go = (next, options) =>
    void navigate({ to: '/signup', search: next === 'handle' ? {} : { step: next }, ...options })
  const adopt = useEffectEvent(() => {
    keep(draft)
    go(step ?? 'handle', { replace: true })
  })
  // What a link brought is a proposal: from here on the draft counts, which a reload keeps.
  useEffect(() => {
    if (proposed !== undefined || brought !== undefined) adopt()
  }, [proposed, brought])
  // A link to a later step is of no use without a handle.
  return { draft, keep, go, step: draft.handle === '' ? 'handle' : (step ?? 'handle') } as const
}
