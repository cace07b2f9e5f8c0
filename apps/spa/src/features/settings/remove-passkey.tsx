/** Asks before a passkey is removed. */
import { toast } from 'sonner'
import { trpc } from '../../lib/trpc.ts'
import { ConfirmRemoval } from './confirm-removal.tsx'
import type { PasskeyDialogProps } from './rename-passkey.tsx'
import { usePasskeysChanged } from './use-passkeys.ts'

export function RemovePasskey({ passkey, ...dialog }: PasskeyDialogProps) {
  const changed = usePasskeysChanged()
  const remove = trpc.auth.passkeys.remove.useMutation({
    onSuccess: () => {
      void changed().catch(() => undefined)
      dialog.onOpenChange(false)
      toast.success(`“${passkey.name}” was removed.`)
    },
  })
  return (
    <ConfirmRemoval
      {...dialog}
      title={`Remove “${passkey.name}”?`}
      description="You can no longer sign in with it. Where it signed you in already, you stay signed in until you end that session."
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ id: passkey.id })}
    />
  )
}
