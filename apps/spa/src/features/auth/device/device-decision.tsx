/** Who asks for what, from where, and the choice: nothing is granted by looking at it. */
import { DEFAULT_TOKEN_DAYS, type DeviceLoginView, SCOPE_TEXTS } from '@matrixos/shared'
import { Check, X } from 'lucide-react'
import { errorCodeOf, problemText } from '../../../lib/errors.ts'
import { secondsUntil, timeAgo } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { DeviceFacts } from './device-facts.tsx'

export interface DeviceDecisionProps {
  login: DeviceLoginView
  onDecided: (login: DeviceLoginView) => void
  /** Back to the code: this login is over. */
  onGone: () => void
}

export function DeviceDecision({ login, onDecided, onGone }: DeviceDecisionProps) {
  const approve = trpc.device.approve.useMutation({ onSuccess: onDecided })
  const deny = trpc.device.deny.useMutation({ onSuccess: onDecided })
  const now = useNow(1_000)
  const { userCode, scopes, refusedScopes } = login
  const error = approve.error ?? deny.error
  const isOver = secondsUntil(login.expiresAt, now) === 0 || errorCodeOf(error) === 'not_found'
  if (isOver) {
    return (
      <Notice
        tone="warn"
        title="This code has expired"
        action={<Button onClick={onGone}>Enter another code</Button>}
      >
        Start again on your device: it shows a new one.
      </Notice>
    )
  }
  return (
    <>
      <Notice tone="warn" title="Did you start this yourself, just now?">
        If somebody sent you the code or the link, refuse. Your device must show <strong>{userCode}</strong>.
      </Notice>
      <h2 className="mt-6 font-medium">This allows it to</h2>
      <ul className="mt-2 space-y-2">
        {scopes.map((scope) => (
          <li key={scope} className="flex gap-2.5 leading-6">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-accent" />
            {SCOPE_TEXTS[scope]}
          </li>
        ))}
        {refusedScopes.map((scope) => (
          <li key={scope} className="flex gap-2.5 text-muted leading-6">
            <X aria-hidden className="mt-1 size-4 shrink-0" />
            <span>
              Not allowed, since your account can’t:{' '}
              <span className="line-through">{SCOPE_TEXTS[scope]}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted text-sm leading-6">
        For {DEFAULT_TOKEN_DAYS} days, unless you revoke it earlier in your settings.
      </p>
      <DeviceFacts login={login} asked={timeAgo(login.askedAt, now)} />
      {problemText(error) && (
        <Notice tone="error" className="mt-5">
          {problemText(error)}
        </Notice>
      )}
      <div className="mt-6 grid grid-cols-2 gap-3">
        <Button
          variant="secondary"
          unavailable={approve.isPending}
          pending={deny.isPending}
          onClick={() => deny.mutate({ userCode })}
        >
          Refuse
        </Button>
        <Button
          disabled={scopes.length === 0}
          unavailable={deny.isPending}
          pending={approve.isPending}
          onClick={() => approve.mutate({ userCode })}
        >
          Approve
        </Button>
      </div>
    </>
  )
}
