/** Issues the link by which somebody who lost every way to sign in gets a new one. */
import { type FormEvent, useState } from 'react'
import { problemText } from '../../../lib/errors.ts'
import { inWords, secondsUntil } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { LinkOnce } from '../link-once.tsx'
import type { PersonDialogProps } from './role-dialog.tsx'

const SHORTEST_PROOF = 3
const LONGEST_PROOF = 300

export function EnrolmentDialog({ person, opener, onClose }: PersonDialogProps) {
  const { admin } = trpc.useUtils()
  const { id, handle } = person
  const [proof, setProof] = useState('')
  const issue = trpc.admin.people.enrolmentLink.useMutation({
    onSuccess: () => void admin.people.get.invalidate({ handle }),
  })
  const isComplete = proof.trim().length >= SHORTEST_PROOF
  function submit(event: FormEvent) {
    event.preventDefault()
    if (isComplete && !issue.isPending) issue.mutate({ id, proof })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={issue.data ? `A link for ${handle}` : `Issue an enrolment link for ${handle}?`}
      description={
        issue.data ? (
          <p>
            Hand it to {handle} yourself, over a channel you trust. It works once, within{' '}
            {inWords(secondsUntil(issue.data.expiresAt, Date.now()))}, and is not shown again.
          </p>
        ) : (
          <>
            <p>
              Whoever holds this link can take over the account. First have them prove, outside the platform,
              who they are: in person, by a call you make yourself, or by a document.
            </p>
            <p>It is recorded in the audit log, and shown to them wherever they are signed in.</p>
          </>
        )
      }
    >
      {issue.data ? (
        <>
          <LinkOnce label="Enrolment link" url={issue.data.url} />
          <DialogActions>
            <Button onClick={onClose}>Done</Button>
          </DialogActions>
        </>
      ) : (
        <form onSubmit={submit} className="mt-5">
          <TextArea
            label="How did they prove who they are?"
            hint="It goes to the audit log."
            value={proof}
            maxLength={LONGEST_PROOF}
            required
            onChange={(event) => setProof(event.target.value)}
          />
          {problemText(issue.error) && (
            <Notice tone="error" className="mt-4">
              {problemText(issue.error)}
            </Notice>
          )}
          <DialogActions>
            <Button variant="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="danger" unavailable={!isComplete} pending={issue.isPending}>
              Issue the link
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}
