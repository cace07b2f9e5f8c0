/** Approves a request, with an amount that may differ, or denies it, with a word why. */
import { answerRequestSchema, type OpenRequestView } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { focusField } from '../../../lib/focus-field.ts'
import { usdText } from '../../../lib/money.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { Problem } from '../../connection/problem.tsx'
import { AmountField } from '../../credits/amount-field.tsx'

const LONGEST_ANSWER = 500

export interface AnswerDialogProps {
  request: OpenRequestView
  verdict: 'approve' | 'deny'
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const AnswerDialog = ({ opener, ...form }: AnswerDialogProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && form.onClose()}
    opener={opener}
    title={
      form.verdict === 'approve'
        ? `Grant credits to ${form.request.handle}?`
        : `Deny ${form.request.handle}’s request?`
    }
    description={
      form.verdict === 'approve'
        ? `They requested ${usdText(form.request.amount)}. What you grant comes on top of what they have, at once.`
        : 'They see that it was denied, and your word on it.'
    }
  >
    <AnswerForm {...form} />
  </Dialog>
)

function AnswerForm({ request, verdict, onClose }: Omit<AnswerDialogProps, 'opener'>) {
  const { admin } = trpc.useUtils()
  const { id, handle } = request
  const [amount, setAmount] = useState(request.amount)
  const [word, setWord] = useState('')
  const [isTried, setTried] = useState(false)
  const answer = trpc.admin.quota.answer.useMutation({
    onSuccess: (_, input) => {
      onClose()
      toast.success(
        input.verdict === 'approve'
          ? `${handle} got ${usdText(input.amount)}.`
          : `${handle}’s request is denied.`,
      )
    },
    onSettled: () => admin.quota.invalidate(),
  })
  const isApproval = verdict === 'approve'
  const parsed = answerRequestSchema.safeParse(
    isApproval
      ? { verdict, id, amount, ...(word.trim() && { answer: word }) }
      : { verdict, id, answer: word },
  )
  const flaw = (name: string) => isTried && parsed.error?.issues.find(({ path }) => path[0] === name)?.message

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) focusField(event.currentTarget, String(parsed.error.issues[0]?.path[0]))
    else if (!answer.isPending) answer.mutate(parsed.data)
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      {isApproval && (
        <AmountField
          className="mb-2"
          label="Amount"
          value={amount}
          onValue={setAmount}
          error={flaw('amount') || undefined}
        />
      )}
      <TextArea
        label={isApproval ? 'A word to them (optional)' : 'Why'}
        name="answer"
        value={word}
        maxLength={LONGEST_ANSWER}
        aria-invalid={flaw('answer') ? true : undefined}
        hint={flaw('answer') ? 'Say why: they read it.' : 'They read it on their credits page.'}
        onChange={(event) => setWord(event.target.value)}
      />
      <Problem error={answer.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant={isApproval ? 'primary' : 'danger'} pending={answer.isPending}>
          {isApproval ? 'Grant' : 'Deny'}
        </Button>
      </DialogActions>
    </form>
  )
}
