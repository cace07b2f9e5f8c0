/** Adds a webhook: where it leads, and what it is told of; then shows the secret that signs it, once. */
import { newWebhookSchema, WEBHOOK_GROUPS, type WebhookGroup, webhookGroupSchema } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { type RouterOutputs, trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Problem } from '../../connection/problem.tsx'
import { ShownOnce } from '../shown-once.tsx'

type Created = RouterOutputs['webhooks']['create']

export function CreateWebhook({
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
        title="Copy the signing secret now"
        description="It is shown this once. With it, your program checks that a delivery comes from here (Standard Webhooks)."
      >
        <ShownOnce secret={created.secret} copyLabel="Copy secret" onDone={close} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      opener={opener}
      title="Add a webhook"
      description="Events are sent to this address as JSON."
    >
      <CreateForm onCreated={setCreated} onCancel={close} />
    </Dialog>
  )
}

interface CreateFormProps {
  onCreated: (created: Created) => void
  onCancel: () => void
}

const GROUPS = webhookGroupSchema.options

function CreateForm({ onCreated, onCancel }: CreateFormProps) {
  const utils = trpc.useUtils()
  const [url, setUrl] = useState('')
  const [groups, setGroups] = useState<WebhookGroup[]>(['computer'])
  const create = trpc.webhooks.create.useMutation({
    onSuccess: (created) => {
      onCreated(created)
      utils.webhooks.list.setData(undefined, (webhooks) => webhooks && [created.view, ...webhooks])
    },
  })
  const isReady = newWebhookSchema.safeParse({ url, groups }).success
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isReady && !create.isPending) create.mutate({ url, groups })
  }
  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label="Address"
        hint="Such as https://example.org/hook. It must be on the public internet."
        value={url}
        type="url"
        inputMode="url"
        maxLength={500}
        autoComplete="off"
        onChange={(event) => setUrl(event.target.value)}
      />
      <fieldset className="mt-5">
        <legend className="font-medium text-sm">Events</legend>
        <div className="mt-3 space-y-3">
          {GROUPS.map((group) => (
            <Checkbox
              key={group}
              label={WEBHOOK_GROUPS[group]}
              hint={<code>{group}.…</code>}
              checked={groups.includes(group)}
              onChange={({ target }) =>
                setGroups(GROUPS.filter((one) => (one === group ? target.checked : groups.includes(one))))
              }
            />
          ))}
        </div>
      </fieldset>
      <Problem error={create.error} className="mt-5" />
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!isReady} pending={create.isPending}>
          Add webhook
        </Button>
      </DialogActions>
    </form>
  )
}
