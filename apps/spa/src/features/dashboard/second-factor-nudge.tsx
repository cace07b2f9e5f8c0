/** Whoever has a single passkey and nothing else is one lost device away from losing the account. */
import type { UserView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { drafts } from '../../lib/drafts.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { usePasskeys } from '../settings/use-passkeys.ts'

export function SecondFactorNudge({ user }: { user: UserView }) {
  const [isDismissed, setIsDismissed] = useState(() => drafts.dismissedNudge(user.handle))
  const isAlone = usePasskeys().data?.passkeys.length === 1 && !user.signInMethods.includes('totp')
  if (isDismissed || !isAlone) return null
  return (
    <Notice
      className="mt-6"
      title="Add a second passkey"
      action={
        <>
          <Link
            to="/settings/security"
            className="inline-flex h-11 items-center rounded-control border border-line bg-surface px-3 font-medium hover:border-line-strong sm:h-9"
          >
            Open security settings
          </Link>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              drafts.dismissNudge(user.handle)
              setIsDismissed(true)
            }}
          >
            Not now
          </Button>
        </>
      }
    >
      You have one way to sign in. If you lose it, a second passkey or recovery codes let you back in.
    </Notice>
  )
}
