/** Asks for confirmation by typing the handle. */
import { type InstanceView, normalizeHandle, QUARANTINE_DAYS } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type RefObject, useState } from 'react'
import { drafts } from '../../lib/drafts.ts'
import { problemText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { leaveTo } from './leave.ts'

export interface DeleteDialogProps {
  instance: Pick<InstanceView, 'id' | 'handle' | 'deletionGraceDays'>
  open: boolean
  onOpenChange: (open: boolean) => void
  opener: RefObject<HTMLElement | null>
}

export const DeleteDialog = ({ instance, open, onOpenChange, opener }: DeleteDialogProps) => (
  <Dialog
    opener={opener}
    open={open}
    onOpenChange={onOpenChange}
    title="Delete your computer?"
    description={
      <>
        <p>{fate(instance.deletionGraceDays)}</p>
        <ul className="list-disc space-y-1 pl-5">
          <li>every file and note in your home</li>
          <li>your computer’s soul, as you wrote it</li>
          <li>your account and its sign-in methods</li>
        </ul>
        <p>
          You can{' '}
          <Link to="/settings/move" className="text-accent underline underline-offset-4">
            export your files
          </Link>{' '}
          first.
        </p>
        <p>Your handle stays reserved for {QUARANTINE_DAYS} days, so nobody can pose as you.</p>
      </>
    }
  >
    <DeleteForm instance={instance} onCancel={() => onOpenChange(false)} />
  </Dialog>
)

const fate = (graceDays: number): string =>
  graceDays > 0
    ? `It closes at once. For ${graceDays} ${graceDays === 1 ? 'day' : 'days'} you can sign in and take it back; then this is deleted for good:`
    : 'This cannot be undone. It deletes:'

interface DeleteFormProps extends Pick<DeleteDialogProps, 'instance'> {
  onCancel: () => void
}

function DeleteForm({ instance, onCancel }: DeleteFormProps) {
  const { id: instanceId, handle } = instance
  const [typed, setTyped] = useState('')
  const matches = normalizeHandle(typed) === handle
  const remove = trpc.tenants.delete.useMutation({
    onSuccess: () => {
      drafts.sawFirstStart()
      leaveTo('/goodbye')
    },
  })

  const problem = problemText(remove.error)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (matches && !remove.isPending) remove.mutate({ instanceId, handle: normalizeHandle(typed) })
  }

  return (
    <form onSubmit={submit} className="mt-5">
      <Field
        label={`Type ${handle} to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      {problem && <Notice tone="error">{problem}</Notice>}
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          Keep it
        </Button>
        <Button type="submit" variant="danger" disabled={!matches} pending={remove.isPending}>
          {instance.deletionGraceDays > 0 ? 'Delete' : 'Delete for good'}
        </Button>
      </DialogActions>
    </form>
  )
}
