/** Asks the administrators for more credits. */
import { requestCreditsSchema } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { focusField } from '../../lib/focus-field.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { Problem } from '../connection/problem.tsx'
import { AmountField } from './amount-field.tsx'

const LONGEST_REASON = 500

export interface RequestMoreProps {
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const RequestMore = ({ opener, onClose }: RequestMoreProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    opener={opener}
    title="Request more credits"
    description="An administrator reads this and answers. You see the answer on this page."
  >
    <RequestForm onClose={onClose} />
  </Dialog>
)

function RequestForm({ onClose }: Pick<RequestMoreProps, 'onClose'>) {
  const { quota } = trpc.useUtils()
  const [amount, setAmount] = useState('5')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const send = trpc.quota.requestMore.useMutation({
    onSuccess: () => {
      onClose()
      toast.success('Your request is on its way.')
    },
    onSettled: () => quota.credits.invalidate(),
  })
  const parsed = requestCreditsSchema.safeParse({ amount, reason })
  const flaw = (name: string) =>
    isTried ? parsed.error?.issues.find((issue) => issue.path[0] === name)?.message : undefined

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) focusField(event.currentTarget, String(parsed.error.issues[0]?.path[0]))
    else if (!send.isPending) send.mutate(parsed.data)
  }

  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <AmountField label="Amount" value={amount} onValue={setAmount} error={flaw('amount')} />
      <TextArea
        className="mt-2"
        label="What are they for?"
        name="reason"
        value={reason}
        maxLength={LONGEST_REASON}
        aria-invalid={flaw('reason') ? true : undefined}
        hint={flaw('reason') ?? 'A sentence is enough.'}
        onChange={(event) => setReason(event.target.value)}
      />
      <Problem error={send.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={send.isPending}>
          Send request
        </Button>
      </DialogActions>
    </form>
  )
}
