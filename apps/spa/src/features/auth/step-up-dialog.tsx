/** Asks the signed-in person to prove it again: what a sensitive call waits for. */
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useRef } from 'react'
import { errorText } from '../../lib/errors.ts'
import { stepUp } from '../../lib/step-up.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Divider } from './divider.tsx'
import { StepUpCode, useStepUpCode } from './step-up-code.tsx'
import { StepUpPasskey, useStepUpPasskey } from './step-up-passkey.tsx'
import { StepUpRecovery } from './step-up-recovery.tsx'

export function StepUpDialog() {
  // The control that the person used: it gets the focus back.
  const opener = useRef(document.activeElement instanceof HTMLElement ? document.activeElement : null)
  return (
    <Dialog
      open
      onOpenChange={(open) => open || stepUp.settle(false)}
      opener={opener}
      title="Confirm it’s you"
      description="It’s been a while since you last signed in. Confirm it’s you, and we’ll carry on."
    >
      <Ways />
      <Button variant="ghost" className="mt-3 w-full" onClick={() => stepUp.settle(false)}>
        Cancel
      </Button>
    </Dialog>
  )
}

function Ways() {
  const methods = trpc.auth.stepUp.methods.useQuery(undefined, { staleTime: 0 })
  const code = useStepUpCode()
  const passkey = useStepUpPasskey()
  if (methods.error) {
    return (
      <Notice
        tone="error"
        className="mt-6"
        action={
          <Button size="sm" variant="secondary" onClick={() => void methods.refetch()}>
            Try again
          </Button>
        }
      >
        {errorText(methods.error)}
      </Notice>
    )
  }
  if (!methods.data) return <Skeleton className="mt-6 h-13" />
  const byPasskey = methods.data.includes('passkey')
  const byCode = methods.data.includes('totp')
  const isSupported = browserSupportsWebAuthn()
  return (
    <div className="mt-6">
      {byPasskey && isSupported && <StepUpPasskey passkey={passkey} onTry={code.reset} />}
      {byPasskey && isSupported && byCode && <Divider>or with your password and code</Divider>}
      {byPasskey && !isSupported && !byCode && (
        <Notice>This browser does not support passkeys. Use one that does.</Notice>
      )}
      {byCode && <StepUpCode proof={code} onTry={passkey.reset} autoFocus={!(byPasskey && isSupported)} />}
      {methods.data.includes('recovery_code') && <StepUpRecovery />}
    </div>
  )
}
