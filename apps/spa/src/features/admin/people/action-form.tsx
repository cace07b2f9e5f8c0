/** Confirms an action for the people who were shown; a suspension needs a reason. */

import type { PeopleAction, PeopleActionInput, PeoplePreview } from '@matrixos/shared'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { counted } from '../../../lib/figures.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { DialogActions } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { Problem } from '../../connection/problem.tsx'
import { ACTION_WORDS } from './actions.ts'
import { type Left, LeftAlone, TouchedPeople } from './touched-people.tsx'

const SHORTEST_REASON = 3
const LONGEST_REASON = 300

export interface ActionFormProps {
  action: PeopleAction
  preview: PeoplePreview
  onCancel: () => void
  onFinished: (done: number, left: Left[]) => void
}

export function ActionForm({ action, preview, onCancel, onFinished }: ActionFormProps) {
  const { people, skipped, token } = preview
  const [reason, setReason] = useState('')
  const run = useRun(action, onFinished)
  const words = ACTION_WORDS[action]
  const isComplete = action !== 'suspend' || reason.trim().length >= SHORTEST_REASON

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isComplete && !run.isPending) run.mutate({ ids: people.map(({ id }) => id), token, reason })
  }

  return (
    <form onSubmit={submit}>
      {people.length > 0 ? (
        <TouchedPeople
          title={`This affects ${counted(people.length, 'person', 'people')}`}
          handles={people.map(({ handle }) => handle)}
        />
      ) : (
        <Notice className="mt-5">There is nobody to do this for.</Notice>
      )}
      {skipped.length > 0 && <LeftAlone title="Skipped" people={skipped} />}
      {action === 'suspend' && people.length > 0 && (
        <TextArea
          className="mt-5"
          label="Reason"
          hint="They read it when they try to sign in."
          value={reason}
          maxLength={LONGEST_REASON}
          required
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <Problem error={run.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onCancel}>
          {people.length > 0 ? 'Cancel' : 'Close'}
        </Button>
        {people.length > 0 && (
          <Button
            type="submit"
            variant={words.danger ? 'danger' : 'primary'}
            unavailable={!isComplete}
            pending={run.isPending}
          >
            {words.label}
          </Button>
        )}
      </DialogActions>
    </form>
  )
}

function useRun(action: PeopleAction, onFinished: ActionFormProps['onFinished']) {
  const { client } = trpc.useUtils()
  return useMutation({
    mutationFn: ({ reason, ...input }: PeopleActionInput & { reason: string }) =>
      action === 'suspend'
        ? client.admin.people.suspend.mutate({ ...input, reason })
        : client.admin.people[action].mutate(input),
    onSuccess: ({ done, failed }) =>
      onFinished(
        done,
        failed.map(({ handle, message }) => ({ handle, why: message })),
      ),
  })
}
