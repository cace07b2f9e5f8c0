/** Whom a person blocked or muted, and the way to take that back. */
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'

export function BlockedPeople() {
  const blocked = trpc.social.blocked.useQuery()
  const utils = trpc.useUtils()
  const unblock = trpc.social.unblock.useMutation({
    onSuccess: (left) => {
      utils.social.blocked.setData(undefined, left)
      void utils.social.invalidate()
    },
    onError: (error) => toast.error(errorText(error)),
  })
  if (blocked.error) return <p className="text-danger text-sm">{errorText(blocked.error)}</p>
  if (!blocked.data) return null
  if (blocked.data.length === 0)
    return <p className="text-muted text-sm">You have not blocked or muted anyone.</p>
  return (
    <ul className="divide-y divide-line">
      {blocked.data.map(({ handle, displayName, kind }) => (
        <li key={`${handle} ${kind}`} className="flex items-center justify-between gap-4 py-3">
          <span className="min-w-0">
            <span className="block truncate font-medium">{displayName}</span>
            <span className="block truncate text-muted text-sm">
              @{handle} · {kind === 'block' ? 'blocked' : 'muted'}
            </span>
          </span>
          <Button
            size="sm"
            variant="secondary"
            aria-label={`${kind === 'block' ? 'Unblock' : 'Unmute'} @${handle}`}
            unavailable={unblock.isPending}
            onClick={() => unblock.mutate({ handle, kind })}
          >
            {kind === 'block' ? 'Unblock' : 'Unmute'}
          </Button>
        </li>
      ))}
    </ul>
  )
}
