/** One token: what it may do, until when, when it was last used, and the way to end it. */
import { SCOPE_TEXTS, type TokenView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { longDate, timeAgo } from '../../../lib/time.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { RevokeToken } from './revoke-token.tsx'

export function TokenRow({ token }: { token: TokenView }) {
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const now = useNow(60_000)
  const { name, hint, scopes, createdAt, expiresAt, isExpired, lastUsedAt } = token
  const used = lastUsedAt ? `Last used ${timeAgo(lastUsedAt, now)}` : 'Never used'
  const end = expiresAt ? `${isExpired ? 'Expired' : 'Expires'} on ${longDate(expiresAt)}` : 'Never expires'
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 py-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="break-words font-medium">{name}</span>
          <code className="text-muted text-xs">{hint}…</code>
        </p>
        <p className="mt-1 text-sm leading-6">May {scopes.map((scope) => SCOPE_TEXTS[scope]).join(', ')}.</p>
        <p className="mt-1 text-muted text-sm leading-6">
          {used} · <span className={isExpired ? 'text-danger' : ''}>{end}</span> · Created{' '}
          {timeAgo(createdAt, now)}
        </p>
      </div>
      <Button
        ref={opener}
        size="sm"
        variant="danger-quiet"
        aria-label={`Revoke ${name}`}
        onClick={() => setAsking(true)}
      >
        {isExpired ? 'Remove' : 'Revoke'}
      </Button>
      <RevokeToken token={token} open={asking} onOpenChange={setAsking} opener={opener} />
    </li>
  )
}
