/** Waits until a call needs a recent proof of identity, then loads and shows the dialog. Mounted once. */
import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react'
import { toast } from 'sonner'
import { unreachableText } from '../../lib/errors.ts'
import { stepUp } from '../../lib/step-up.ts'

export function StepUp() {
  const isAsked = useSyncExternalStore(stepUp.subscribe, stepUp.isAsked)
  const [Dialog, setDialog] = useState<ComponentType | null>(null)
  useEffect(() => {
    if (!isAsked || Dialog) return
    import('./step-up-dialog.tsx').then(
      (loaded) => setDialog(() => loaded.StepUpDialog),
      () => {
        toast.error(unreachableText(navigator.onLine))
        stepUp.settle(false)
      },
    )
  }, [isAsked, Dialog])
  return isAsked && Dialog ? <Dialog /> : null
}
