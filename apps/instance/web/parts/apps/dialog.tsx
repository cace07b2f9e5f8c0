/** A sheet over the page: a title, what it is about, and its buttons. Escape closes it. */
import { type ReactNode, useEffect, useId, useRef } from 'react'
import './dialog.css'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  isWide?: boolean
}

export function Dialog({ title, onClose, children, isWide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  return (
    <dialog
      className="confirm app-dialog"
      data-wide={isWide}
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
    >
      <h3 id={heading}>{title}</h3>
      {children}
    </dialog>
  )
}
