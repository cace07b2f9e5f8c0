/** Adds a Matrix app: a name for it, then the token that signs it in, once, and how to use it. */
import { type FormEvent, useState } from 'react'
import { type RouterOutputs, trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Problem } from '../../connection/problem.tsx'
import { ShownOnce } from '../shown-once.tsx'

type Made = RouterOutputs['matrix']['addClient']

const LONGEST_NAME = 60

export function AddClient({
  open,
  onOpenChange,
  opener,
}: Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'>) {
  const [made, setMade] = useState<Made | null>(null)
  function close() {
    onOpenChange(false)
    setMade(null)
  }
  if (made) {
    return (
      <Dialog
        open={open}
        // A slip outside the dialog must not lose what is shown once: only the button closes it.
        onOpenChange={() => undefined}
        opener={opener}
        title={`Sign in to ${made.login.name}`}
        description="The token is shown this once, and signs one app in. Whoever has it can read and write as you."
      >
        <HowTo made={made} />
        <ShownOnce secret={made.accessToken} copyLabel="Copy token" onDone={close} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      opener={opener}
      title="Add a Matrix app"
      description="You get a token that signs it in. Each app needs one of its own."
    >
      <AddForm onMade={setMade} onCancel={close} />
    </Dialog>
  )
}

const HowTo = ({ made }: { made: Made }) => (
  <ol className="mt-5 list-decimal space-y-2 pl-5 text-sm leading-6">
    <li>
      In the app, choose to sign in, and edit the homeserver:{' '}
      <code className="break-all">{made.homeserverUrl}</code>
    </li>
    <li>
      Enter your username: <code className="break-all">{made.userId}</code>
    </li>
    <li>Enter this token as your password:</li>
  </ol>
)

function AddForm({ onMade, onCancel }: { onMade: (made: Made) => void; onCancel: () => void }) {
  const utils = trpc.useUtils()
  const [name, setName] = useState('')
  const add = trpc.matrix.addClient.useMutation({
    onSuccess: (made) => {
      onMade(made)
      utils.matrix.standing.setData(undefined, (standing) =>
        standing?.isOn ? { ...standing, logins: [...standing.logins, made.login] } : standing,
      )
    },
  })
  const isReady = name.trim() !== ''
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isReady && !add.isPending) add.mutate({ name })
  }
  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label="Name"
        hint="So that you know it again, such as “Element on my phone”."
        value={name}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Problem error={add.error} className="mt-5" />
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!isReady} pending={add.isPending}>
          Make token
        </Button>
      </DialogActions>
    </form>
  )
}
