/** Asks before a value takes effect that hurts somebody. */
import type { RefObject } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import type { ValueWords } from './words.ts'

export interface ConfirmSettingProps {
  title: string
  words: ValueWords
  opener: RefObject<HTMLElement | null>
  onConfirm: () => void
  onClose: () => void
}

export const ConfirmSetting = ({ title, words, opener, onConfirm, onClose }: ConfirmSettingProps) => (
  <Dialog
    open
    onOpenChange={(open) => !open && onClose()}
    opener={opener}
    title={title}
    description={words.warning}
  >
    <DialogActions>
      <Button variant="secondary" onClick={onClose}>
        Leave it
      </Button>
      <Button
        variant="danger"
        onClick={() => {
          onConfirm()
          onClose()
        }}
      >
        Change it
      </Button>
    </DialogActions>
  </Dialog>
)
