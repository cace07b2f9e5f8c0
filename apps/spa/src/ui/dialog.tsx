/** A modal dialog: keeps the focus inside, closes with Escape, gives the focus back. */
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode, RefObject } from 'react'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** What has the focus after closing: the control that opens it. */
  opener: RefObject<HTMLElement | null>
  title: string
  description: ReactNode
  children: ReactNode
}

export const Dialog = ({ open, onOpenChange, opener, title, description, children }: DialogProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 grid animate-fade place-items-end overflow-y-auto bg-black/45 p-4 backdrop-blur-[2px] sm:place-items-center">
        <Radix.Content
          onCloseAutoFocus={(event) => {
            // Radix gives the focus to its own trigger only; these dialogs are opened by state.
            event.preventDefault()
            opener.current?.focus()
          }}
          className="w-full max-w-md animate-rise rounded-card border border-line bg-surface p-6 shadow-card outline-none sm:p-7"
        >
          <Radix.Title className="font-semibold text-xl">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-3 space-y-3 text-[0.95rem] text-muted leading-6">{description}</div>
          </Radix.Description>
          {children}
        </Radix.Content>
      </Radix.Overlay>
    </Radix.Portal>
  </Radix.Root>
)

export const DialogActions = ({ children }: { children: ReactNode }) => (
  <div className="mt-6 flex flex-col-reverse gap-2.5 sm:flex-row sm:justify-end">{children}</div>
)
