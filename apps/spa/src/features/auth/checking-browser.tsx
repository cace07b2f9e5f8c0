/** Says that a puzzle is being solved, as a sign-up may cost while many come at once. */
import { useSyncExternalStore } from 'react'
import { proving } from '../../lib/proof-of-work.ts'

export function CheckingBrowser() {
  const isBusy = useSyncExternalStore(proving.subscribe, proving.isBusy)
  return (
    <p role="status" className="text-center text-muted text-sm empty:hidden not-empty:mt-4">
      {isBusy && 'Checking your browser… This takes a moment while many people sign up.'}
    </p>
  )
}
