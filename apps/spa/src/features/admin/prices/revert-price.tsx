/** Takes back an administrator's edit, after asking. */
import type { PriceView } from '@matrixos/shared'
import type { RefObject } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../../lib/trpc.ts'
import { ConfirmRemoval } from '../../settings/confirm-removal.tsx'

export interface RevertPriceProps {
  price: PriceView
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export function RevertPrice({ price, opener, onClose }: RevertPriceProps) {
  const { admin } = trpc.useUtils()
  const { provider, model, effectiveFrom } = price
  const revert = trpc.admin.prices.edit.useMutation({
    onSuccess: () => {
      toast.success(`The edit of ${model} is reverted.`)
      onClose()
    },
    onSettled: () => admin.prices.list.invalidate(),
  })
  return (
    <ConfirmRemoval
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={`Revert the edit of ${model}?`}
      description="The price before it applies again, to calls from now on. If there was none, the model is refused."
      confirmLabel="Revert"
      pending={revert.isPending}
      error={revert.error}
      onConfirm={() => revert.mutate({ provider, model, effectiveFrom, price: null })}
    />
  )
}
