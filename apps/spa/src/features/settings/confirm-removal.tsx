/** Asks before a way to sign in is removed, or replaced. */
import { problemText } from '../../lib/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

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
    {problemText(error) && (
      <Notice tone="error" className="mt-4">
        {problemText(error)}
      </Notice>
    )}
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
