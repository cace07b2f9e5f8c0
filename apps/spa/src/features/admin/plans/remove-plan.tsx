/** Takes a plan away that nobody is on. */
import type { PlanView } from '@matrixos/shared'
import type { RefObject } from 'react'
import { toast } from 'sonner'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { Problem } from '../../connection/problem.tsx'

export interface RemovePlanProps {
  plan: PlanView
  opener: RefObject<HTMLElement | null>
  onClose: () => void
}

export function RemovePlan({ plan, opener, onClose }: RemovePlanProps) {
  const { admin } = trpc.useUtils()
  const remove = trpc.admin.plans.remove.useMutation({
    onSuccess: () => {
      onClose()
      toast.success(`${plan.title} is removed.`)
    },
    onSettled: () => admin.plans.list.invalidate(),
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      opener={opener}
      title={`Remove ${plan.title}?`}
      description="Nobody is on it. It cannot be assigned from now on."
    >
      <Problem error={remove.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="danger" pending={remove.isPending} onClick={() => remove.mutate({ key: plan.key })}>
          Remove
        </Button>
      </DialogActions>
    </Dialog>
  )
}
