/** What was done, in a sentence, for a moment, with the way back. */
import { useEffect, useState } from 'react'

export interface Toast {
  words: string
  isBad?: boolean
  /** It asks something: it stays until it is answered. */
  isHeld?: boolean
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 8_000

export function ToastBar({ toast, onEnd }: { toast: Toast | null; onEnd: () => void }) {
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (!toast || toast.isHeld || isHeld) return
    const timer = setTimeout(onEnd, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [toast, isHeld, onEnd])
  // The region is there before the words are, so that they are read out.
  return (
    <div className="toast-place" role={toast?.isBad ? 'alert' : 'status'}>
      {toast && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only stays while it is looked at.
        <div
          className="toast"
          data-bad={toast.isBad}
          onPointerEnter={() => setIsHeld(true)}
          onPointerLeave={() => setIsHeld(false)}
          onFocus={() => setIsHeld(true)}
          onBlur={() => setIsHeld(false)}
        >
          <span>{toast.words}</span>
          {toast.action && (
            <button
              type="button"
              onClick={() => {
                onEnd()
                toast.action?.run()
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button type="button" className="quiet" aria-label="Dismiss" onClick={onEnd}>
            ×
          </button>
        </div>
      )}
    </div>
  )
}
