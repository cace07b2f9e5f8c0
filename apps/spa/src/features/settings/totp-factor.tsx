/** The password with its authenticator app: set up, changed or removed. */
import { Smartphone } from 'lucide-react'
import { type RefObject, useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ChangePassword } from './change-password.tsx'
import { ConfirmRemoval } from './confirm-removal.tsx'
import { FactorRow } from './factor-row.tsx'
import { SetUpTotp } from './set-up-totp.tsx'

type Action = 'set-up' | 'password' | 'remove'

export function TotpFactor() {
  const status = trpc.auth.totp.status.useQuery()
  if (status.data) return <Known isSet={status.data.isSet} />
  if (!status.error) return <Skeleton className="h-11 w-48" />
  return (
    <Notice
      tone="error"
      action={
        <Button
          size="sm"
          variant="secondary"
          pending={status.isFetching}
          onClick={() => void status.refetch()}
        >
          Try again
        </Button>
      }
    >
      {errorText(status.error)}
    </Notice>
  )
}

function Known({ isSet }: { isSet: boolean }) {
  const [open, setOpen] = useState<Action | null>(null)
  // Whichever button opened a dialog gets the focus back.
  const opener = useRef<HTMLElement>(null)
  const opens = (action: Action) => (event: { currentTarget: HTMLElement }) => {
    opener.current = event.currentTarget
    setOpen(action)
  }
  const dialog = (action: Action) => ({
    opener,
    open: open === action,
    onOpenChange: (isOpen: boolean) => {
      if (!isOpen) setOpen(null)
    },
  })
  return (
    <>
      {isSet ? (
        <div className="-my-4">
          <FactorRow
            icon={<Smartphone aria-hidden />}
            name="Password and code"
            facts={['Set up']}
            actions={
              <>
                <Button size="sm" variant="ghost" onClick={opens('password')}>
                  Change password
                </Button>
                <Button size="sm" variant="ghost" onClick={opens('set-up')}>
                  Set up a new app
                </Button>
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label="Remove password and authenticator app"
                  onClick={opens('remove')}
                >
                  Remove
                </Button>
              </>
            }
          />
        </div>
      ) : (
        <Button variant="secondary" onClick={opens('set-up')}>
          Set up
        </Button>
      )}
      <SetUpTotp {...dialog('set-up')} replaces={isSet} />
      <ChangePassword {...dialog('password')} />
      <RemoveTotp {...dialog('remove')} />
    </>
  )
}

interface RemoveProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  opener: RefObject<HTMLElement | null>
}

function RemoveTotp(dialog: RemoveProps) {
  const utils = trpc.useUtils()
  const remove = trpc.auth.totp.remove.useMutation({
    onSuccess: () => {
      void utils.auth.totp.status.invalidate()
      void utils.auth.session.invalidate()
      dialog.onOpenChange(false)
      toast.success('Password and authenticator app were removed.')
    },
  })
  return (
    <ConfirmRemoval
      {...dialog}
      title="Remove password and app?"
      description="You can then sign in with your passkeys only. Delete the entry in your authenticator app too."
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    />
  )
}
