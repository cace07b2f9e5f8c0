/** One Matrix app that may read and write as this person, and the way to sign it out. */
import type { MatrixLogin } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorCodeOf } from '../../../lib/errors.ts'
import { timeAgo } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Problem } from '../../connection/problem.tsx'

export function ClientRow({ login }: { login: MatrixLogin }) {
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const now = useNow(60_000)
  const { name, deviceId, createdAt } = login
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 py-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words font-medium">{name}</p>
        <p className="mt-1 text-muted text-sm leading-6">
          Added {timeAgo(createdAt, now)} · Device <code className="text-xs">{deviceId}</code>
        </p>
      </div>
      <Button
        ref={opener}
        size="sm"
        variant="danger-quiet"
        aria-label={`Sign out ${name}`}
        onClick={() => setAsking(true)}
      >
        Sign out
      </Button>
      <SignOutClient login={login} open={asking} onOpenChange={setAsking} opener={opener} />
    </li>
  )
}

interface SignOutClientProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'> {
  login: MatrixLogin
}

function SignOutClient({ login, ...dialog }: SignOutClientProps) {
  const utils = trpc.useUtils()
  // The row goes with its app, and what is open in it: the list is told last.
  const forget = () => {
    dialog.onOpenChange(false)
    utils.matrix.standing.setData(undefined, (standing) =>
      standing?.isOn
        ? { ...standing, logins: standing.logins.filter(({ deviceId }) => deviceId !== login.deviceId) }
        : standing,
    )
    toast.success(`${login.name} is signed out.`)
  }
  const remove = trpc.matrix.removeClient.useMutation({
    onSuccess: forget,
    // Another tab was faster.
    onError: (error) => errorCodeOf(error) === 'not_found' && forget(),
  })
  return (
    <Dialog
      {...dialog}
      title={`Sign out ${login.name}?`}
      description="Its token stops working at once. What only this app can decrypt can then be read nowhere else."
    >
      <Problem error={remove.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={() => dialog.onOpenChange(false)}>
          Keep it
        </Button>
        <Button
          variant="danger"
          pending={remove.isPending}
          onClick={() => remove.mutate({ deviceId: login.deviceId })}
        >
          Sign out
        </Button>
      </DialogActions>
    </Dialog>
  )
}
