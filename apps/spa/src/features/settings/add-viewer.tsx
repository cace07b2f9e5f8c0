/** Invites somebody to see one's computer. */
import type { InstanceId } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'

export function AddViewer({ instanceId }: { instanceId: InstanceId }) {
  const utils = trpc.useUtils()
  const [handle, setHandle] = useState('')
  const [canUseNotes, setCanUseNotes] = useState(false)
  const add = trpc.sharing.add.useMutation({
    onSuccess: (viewers) => {
      utils.sharing.viewers.setData({ instanceId }, viewers)
      toast.success(`${handle.trim()} can now see your computer.`)
      setHandle('')
      setCanUseNotes(false)
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (handle.trim() !== '' && !add.isPending) add.mutate({ instanceId, handle: handle.trim(), canUseNotes })
  }

  return (
    <form onSubmit={submit}>
      <h2 className="font-semibold text-lg">Invite someone</h2>
      <Field
        className="mt-4"
        label="Their handle"
        value={handle}
        onChange={(event) => {
          setHandle(event.target.value)
          add.reset()
        }}
        placeholder="bob"
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={64}
        error={add.error ? errorText(add.error) : undefined}
      />
      <div className="mt-2 flex flex-wrap items-center justify-between gap-4">
        <Checkbox
          label="Let them read and write the note pad"
          checked={canUseNotes}
          onChange={(event) => setCanUseNotes(event.target.checked)}
        />
        <Button type="submit" disabled={handle.trim() === ''} pending={add.isPending}>
          Invite
        </Button>
      </div>
    </form>
  )
}
