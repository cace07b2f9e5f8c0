/** Asks before something is removed for good, or replaced. */

import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { Problem } from '../connection/problem.tsx'

export interface ConfirmRemovalProps extends Omit<DialogProps, 'children'> {
  confirmLabel?: string
  pending: boolean
  error: unknown
  onConfirm: () => void
}

export const ConfirmRemoval = ({
  confirmLabel = 'Remove',
  pending,
  error,
  onConfirm,
  ...dialog
}: ConfirmRemovalProps) => (
  <Dialog {...dialog}>
    <Problem error={error} className="mt-4" />
    <DialogActions>
      <Button variant="secondary" onClick={() => dialog.onOpenChange(false)}>
        Keep it
      </Button>
      <Button variant="danger" pending={pending} onClick={onConfirm}>
        {confirmLabel}
      </Button>
    </DialogActions>
  </Dialog>
)
