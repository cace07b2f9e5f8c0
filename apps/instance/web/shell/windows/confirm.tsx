/** Asks before something that cannot be taken back. */
import { useEffect, useId, useRef } from 'react'

export interface ConfirmProps {
  question: string
  action: string
  onConfirm: () => void
  onCancel: () => void
}

export function Confirm({ question, action, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const words = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog className="confirm" ref={dialog} aria-labelledby={words} onClose={onCancel}>
      <p id={words}>{question}</p>
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" className="button danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  )
}
