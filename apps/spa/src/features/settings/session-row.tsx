/** One session: the device, where and when it was last used, and the button that ends it. */
import type { DeviceView, SessionMethod, SessionView } from '@matrixos/shared'
import { AppWindow, Monitor, Smartphone, Tablet } from 'lucide-react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { deviceName } from './device-name.ts'

const ICONS: Record<DeviceView['kind'], typeof Monitor> = {
  desktop: Monitor,
  phone: Smartphone,
  tablet: Tablet,
  other: AppWindow,
}

const BY: Record<SessionMethod, string> = {
  passkey: 'with a passkey',
  totp: 'with a password and code',
  recovery_code: 'with a recovery code',
  link: 'with a link from an administrator',
}

export function SessionRow({ session }: { session: SessionView }) {
  const utils = trpc.useUtils()
  const now = useNow(60_000)
  const name = deviceName(session.device)
  const revoke = trpc.auth.sessions.revoke.useMutation({
    onSuccess: () => void toast.success(`${name} is signed out.`),
    onError: (error) => void toast.error(errorText(error)),
    // Also after a failure: it may have ended elsewhere.
    onSettled: () => utils.auth.sessions.list.invalidate(),
  })
  const Icon = ICONS[session.device.kind]
  return (
    <li className="flex items-start gap-4 py-4">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 text-sm leading-6">
        <p className="flex flex-wrap items-center gap-x-3 font-medium text-base">
          {name}
          {session.current && (
            <span className="rounded-full bg-accent-soft px-2.5 py-0.5 font-medium text-accent text-xs">
              This device
            </span>
          )}
        </p>
        <p className="text-muted">
          {session.current ? 'In use now' : `Last used ${timeAgo(session.lastUsedAt, now)}`} from{' '}
          <span className="break-all font-mono text-[0.85em] text-ink">{session.address}</span>
        </p>
        <p className="text-muted">
          Signed in {timeAgo(session.createdAt, now)} {BY[session.method]}
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          variant="secondary"
          aria-label={`Sign out ${name}, last used ${timeAgo(session.lastUsedAt, now)}`}
          pending={revoke.isPending}
          onClick={() => revoke.mutate({ id: session.id })}
        >
          Sign out
        </Button>
      )}
    </li>
  )
}
