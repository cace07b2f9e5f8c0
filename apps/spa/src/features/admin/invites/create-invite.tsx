/** Makes an invite, and shows its link. */
import type { InviteView } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { errorText } from '../../../lib/errors.ts'
import { counted } from '../../../lib/figures.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Field } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { LinkOnce } from '../link-once.tsx'
import { exactTime } from '../moment.tsx'

const LIVES = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: 'never', label: 'Never' },
] as const
type Life = (typeof LIVES)[number]['value']

const MOST_USES = 10_000

/** `null`: no number that an invite can have. */
function usesOf(text: string): number | null {
  const uses = Number(text)
  return Number.isInteger(uses) && uses >= 1 && uses <= MOST_USES ? uses : null
}

export interface CreateInviteProps {
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export function CreateInvite({ opener, onClose }: CreateInviteProps) {
  const [made, setMade] = useState<InviteView | null>(null)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={made ? 'The invite is ready' : 'Create an invite'}
      description={made ? <p>{madeText(made)}</p> : <p>Its link opens sign-up with the code filled in.</p>}
    >
      {made ? (
        <>
          <LinkOnce label="Invite link" url={made.url} />
          <DialogActions>
            <Button onClick={onClose}>Done</Button>
          </DialogActions>
        </>
      ) : (
        <InviteForm onCancel={onClose} onMade={setMade} />
      )}
    </Dialog>
  )
}

const madeText = ({ maxUses, expiresAt }: InviteView): string => {
  const who = `${counted(maxUses, 'person', 'people')} can sign up with it`
  return expiresAt === null ? `${who}.` : `${who}, until ${exactTime(expiresAt)}.`
}

interface InviteFormProps {
  onCancel: () => void
  onMade: (invite: InviteView) => void
}

function InviteForm({ onCancel, onMade }: InviteFormProps) {
  const { admin } = trpc.useUtils()
  const [note, setNote] = useState('')
  const [uses, setUses] = useState('1')
  const [life, setLife] = useState<Life>('7')
  const create = trpc.admin.invites.create.useMutation({
    onSuccess: onMade,
    onSettled: () => admin.invites.list.invalidate(),
  })
  const maxUses = usesOf(uses)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (maxUses === null || create.isPending) return
    create.mutate({ note, maxUses, days: life === 'never' ? null : Number(life) })
  }
  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label="Note"
        hint="Who it is for. Only administrators see this."
        value={note}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setNote(event.target.value)}
      />
      <Field
        label="How many people can use it"
        className="mt-2"
        inputMode="numeric"
        autoComplete="off"
        value={uses}
        error={maxUses === null ? 'A number from 1 to 10,000.' : undefined}
        onChange={(event) => setUses(event.target.value.trim())}
      />
      <Choice legend="Expires after" options={LIVES} value={life} onValue={setLife} />
      {create.error && (
        <Notice tone="error" className="mt-4">
          {errorText(create.error)}
        </Notice>
      )}
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" unavailable={maxUses === null} pending={create.isPending}>
          Create invite
        </Button>
      </DialogActions>
    </form>
  )
}
