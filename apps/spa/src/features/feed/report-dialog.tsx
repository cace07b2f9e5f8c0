/** Tells the administrators of a post or a comment. */
import { type FeedSubject, REPORT_NOTE_CHARS, REPORT_REASONS, type ReportReason } from '@matrixos/shared'
import { type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { Problem } from '../connection/problem.tsx'

export interface ReportDialogProps {
  subject: FeedSubject
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

const REASONS = Object.keys(REPORT_REASONS) as ReportReason[]
const isReason = (text: string): text is ReportReason => Object.hasOwn(REPORT_REASONS, text)

export function ReportDialog({ subject, opener, onClose }: ReportDialogProps) {
  const [reason, setReason] = useState<ReportReason>('spam')
  const [note, setNote] = useState('')
  const report = trpc.feed.report.useMutation({
    onSuccess: () => {
      toast.success('Thank you. An administrator will look at it.')
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={subject.startsWith('itm_') ? 'Report this post' : 'Report this comment'}
      description="Only administrators learn of it. Whoever wrote it is not told who reported it."
    >
      <SelectField
        label="What is wrong with it?"
        className="mt-5"
        value={reason}
        onChange={({ target }) => isReason(target.value) && setReason(target.value)}
      >
        {REASONS.map((each) => (
          <option key={each} value={each}>
            {REPORT_REASONS[each]}
          </option>
        ))}
      </SelectField>
      <TextArea
        label="Anything to add? (optional)"
        className="mt-5"
        maxLength={REPORT_NOTE_CHARS}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <Problem error={report.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button pending={report.isPending} onClick={() => report.mutate({ subject, reason, note })}>
          Report
        </Button>
      </DialogActions>
    </Dialog>
  )
}
