/** Gives somebody credits on top of what they have. */
import { grantSchema } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { usdText } from '../../../lib/money.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { Problem } from '../../connection/problem.tsx'
import { AmountField } from '../../credits/amount-field.tsx'

export interface CreditDialogProps {
  handle: string
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const GrantDialog = ({ opener, ...form }: CreditDialogProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && form.onClose()}
    opener={opener}
    title={`Grant credits to ${form.handle}`}
    description="They come on top of what the person has, at once, and cannot be taken back."
  >
    <GrantForm {...form} />
  </Dialog>
)

function GrantForm({ handle, onClose }: Omit<CreditDialogProps, 'opener'>) {
  const { admin } = trpc.useUtils()
  const [amount, setAmount] = useState('')
  const [message, setMessage] = useState('')
  const [flaw, setFlaw] = useState<string | undefined>(undefined)
  const grant = trpc.admin.quota.grant.useMutation({
    onSuccess: (_, input) => {
      onClose()
      toast.success(`${handle} got ${usdText(input.amount)}.`)
    },
    onSettled: () => admin.quota.invalidate(),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = grantSchema.safeParse({ handle, amount, ...(message.trim() && { message }) })
    setFlaw(parsed.error?.issues[0]?.message)
    if (parsed.success && !grant.isPending) grant.mutate(parsed.data)
  }
  return (
    <form noValidate onSubmit={submit} className="mt-5">
      <AmountField label="Amount" value={amount} onValue={setAmount} error={flaw} />
      <TextArea
        className="mt-2"
        label="A word to them (optional)"
        value={message}
        maxLength={500}
        onChange={(event) => setMessage(event.target.value)}
      />
      <Problem error={grant.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={grant.isPending}>
          Grant
        </Button>
      </DialogActions>
    </form>
  )
}
