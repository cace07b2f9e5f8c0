/** Makes a token: a name, what it may do, how long it lives; then shows it, once. */

import { DEFAULT_TOKEN_DAYS, type Scope, scopesOf, tokenNameSchema } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { type RouterOutputs, trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { useSession } from '../../auth/session.ts'
import { Problem } from '../../connection/problem.tsx'
import { ShownOnce } from '../shown-once.tsx'
import { LifeChoice, type TokenDays } from './life-choice.tsx'
import { ScopeChoice } from './scope-choice.tsx'

type Created = RouterOutputs['tokens']['create']

export function CreateToken({
  open,
  onOpenChange,
  opener,
}: Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'>) {
  const [created, setCreated] = useState<Created | null>(null)
  function close() {
    onOpenChange(false)
    setCreated(null)
  }
  if (created) {
    return (
      <Dialog
        open={open}
        // A slip outside the dialog must not lose what is shown once: only the button closes it.
        onOpenChange={() => undefined}
        opener={opener}
        title="Copy your token now"
        description="It is shown this once. Keep it like a password: whoever has it can act in your name."
      >
        <ShownOnce secret={created.token} copyLabel="Copy token" onDone={close} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      opener={opener}
      title="Create a token"
      description="Give it no more permissions than the program needs."
    >
      <CreateForm onCreated={setCreated} onCancel={close} />
    </Dialog>
  )
}

interface CreateFormProps {
  onCreated: (created: Created) => void
  onCancel: () => void
}

function CreateForm({ onCreated, onCancel }: CreateFormProps) {
  const session = useSession()
  const utils = trpc.useUtils()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>([])
  const [days, setDays] = useState<TokenDays>(DEFAULT_TOKEN_DAYS)
  const create = trpc.tokens.create.useMutation({
    onSuccess: (created) => {
      onCreated(created)
      utils.tokens.list.setData(undefined, (tokens) => tokens && [created.view, ...tokens])
    },
  })
  const isReady = tokenNameSchema.safeParse(name).success && scopes.length > 0
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isReady && !create.isPending) create.mutate({ name, scopes, expiry: { days } })
  }
  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label="Name"
        hint="What it is for, such as “backup script”."
        value={name}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <ScopeChoice
        offered={scopesOf(session.status === 'in' ? session.user.role : 'member')}
        chosen={scopes}
        onChange={setScopes}
      />
      <LifeChoice days={days} onChange={setDays} />
      <Problem error={create.error} className="mt-5" />
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!isReady} pending={create.isPending}>
          Create token
        </Button>
      </DialogActions>
    </form>
  )
}
