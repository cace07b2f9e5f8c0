/** Asks before a value takes effect that hurts somebody. */
import type { RefObject } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import type { ValueWords } from './words.ts'

export interface ConfirmSettingProps {
  ask: NonNullable<ValueWords['ask']>
  opener: RefObject<HTMLElement | null>
  onConfirm: () => void
  onClose: () => void
}

export const ConfirmSetting = ({ ask, opener, onConfirm, onClose }: ConfirmSettingProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    opener={opener}
    title={ask.title}
    description={[ask.text].flat().map((text) => <p key={text}>{text}</p>)}
  >
    <DialogActions>
      <Button variant="secondary" onClick={onClose}>
        Cancel
      </Button>
      <Button
        variant="danger"
        onClick={() => {
          onConfirm()
          onClose()
        }}
      >
        {ask.confirm}
      </Button>
    </DialogActions>
  </Dialog>
)
