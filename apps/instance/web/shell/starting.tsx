/** What stands in place of everything until the computer has said who is here. */
import { pulse } from './connection/pulse.ts'
import type { Start } from './start.ts'
import { useStore } from './store.ts'

interface StartingProps {
  hasFailed: boolean
  onRetry: Start['ask']
}

export function Starting({ hasFailed, onRetry }: StartingProps) {
  const isSignedOut = useStore(pulse) === 'signed-out'
  if (!hasFailed) return <p className="starting is-late">Opening …</p>
  // The bar says so, and what to do.
  if (isSignedOut) return null
  return (
    <div className="starting" role="alert">
      <p>This computer isn’t answering right now.</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
