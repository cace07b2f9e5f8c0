/** A new price for a model, from a moment on. */
import type { PriceView } from '@matrixos/shared'
import { type FormEvent, type RefObject, useState } from 'react'
import { toast } from 'sonner'
import { focusField } from '../../../lib/focus-field.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Problem } from '../../connection/problem.tsx'
import { draftOf, flawsOf, type PriceDraft, parseDraft } from './draft.ts'
import { ModelFields, PriceFields } from './price-fields.tsx'

export interface EditPriceProps {
  /** `null`: of a model that has none. */
  price: PriceView | null
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export const EditPrice = ({ price, opener, onClose }: EditPriceProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    opener={opener}
    title={price ? `Edit ${price.model}` : 'Add a price'}
    description="USD per million tokens, for calls from the given moment on."
  >
    <PriceForm price={price} onClose={onClose} />
  </Dialog>
)

function PriceForm({ price, onClose }: Pick<EditPriceProps, 'price' | 'onClose'>) {
  const { admin } = trpc.useUtils()
  const [draft, setDraft] = useState(() => draftOf(price, Date.now()))
  const [isTried, setTried] = useState(false)
  const change = (part: Partial<PriceDraft>) => setDraft({ ...draft, ...part })
  const edit = trpc.admin.prices.edit.useMutation({
    onSuccess: (_, { model }) => {
      onClose()
      toast.success(`The price of ${model} is set.`)
    },
    onSettled: () => admin.prices.list.invalidate(),
  })
  const parsed = parseDraft(draft)
  const flaws = flawsOf(parsed)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!parsed.success) focusField(event.currentTarget, Object.keys(flaws)[0] ?? '')
    else if (!edit.isPending) edit.mutate(parsed.data)
  }

  const fields = { draft, change, flaws: isTried ? flaws : {} }
  return (
    <form noValidate onSubmit={submit} className="mt-5">
      {!price && <ModelFields {...fields} />}
      <PriceFields {...fields} />
      <Problem error={edit.error} className="mt-2" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" pending={edit.isPending}>
          Set price
        </Button>
      </DialogActions>
    </form>
  )
}
