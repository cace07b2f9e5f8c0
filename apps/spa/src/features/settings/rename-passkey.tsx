/** Asks for a passkey's new name. */
import { PASSKEY_NAME_MAX, type PasskeyView } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { usePasskeysChanged } from './use-passkeys.ts'

export interface PasskeyDialogProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'> {
  passkey: PasskeyView
}

export const RenamePasskey = ({ passkey, ...dialog }: PasskeyDialogProps) => (
  <Dialog
    {...dialog}
    title="Rename this passkey"
    description="A name that tells you which device or password manager holds it."
  >
    <RenameForm passkey={passkey} onDone={() => dialog.onOpenChange(false)} />
  </Dialog>
)

function RenameForm({ passkey, onDone }: { passkey: PasskeyView; onDone: () => void }) {
  const [name, setName] = useState(passkey.name)
  const [isEmpty, setIsEmpty] = useState(false)
  const changed = usePasskeysChanged()
  const rename = trpc.auth.passkeys.rename.useMutation({
    onSuccess: () => {
      void changed().catch(() => undefined)
      onDone()
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    setIsEmpty(name.trim() === '')
    if (name.trim() !== '' && !rename.isPending) rename.mutate({ id: passkey.id, name })
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <Field
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={PASSKEY_NAME_MAX}
        autoComplete="off"
        autoFocus
        error={isEmpty ? 'Enter a name.' : rename.error && errorText(rename.error)}
      />
      <DialogActions>
        <Button variant="secondary" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" pending={rename.isPending}>
          Rename
        </Button>
      </DialogActions>
    </form>
  )
}
