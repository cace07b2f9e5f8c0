/** What stands in place of everything until the computer has said who is here. */
import type { Start } from './start.ts'

interface StartingProps {
  hasFailed: boolean
  onRetry: Start['ask']
}

export const Starting = ({ hasFailed, onRetry }: StartingProps) =>
  hasFailed ? (
    <div className="starting" role="alert">
      <p>This computer isn’t answering right now.</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  ) : (
    <p className="starting is-late">Opening …</p>
  )
