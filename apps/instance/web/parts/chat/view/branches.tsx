/** Which of several branches is seen, and the way to the others. */
import { ChevronIcon, PreviousIcon } from './icons.tsx'

export interface BranchesProps {
  /** Ids of all of them, in order. */
  branches: readonly string[]
  shown: string
  onChoose: (id: string) => void
}

export function Branches({ branches, shown, onChoose }: BranchesProps) {
  if (branches.length < 2) return null
  const at = branches.indexOf(shown)
  const go = (step: 1 | -1) => {
    const next = branches[at + step]
    if (next !== undefined) onChoose(next)
  }
  return (
    <span className="branches">
      <button type="button" disabled={at === 0} onClick={() => go(-1)} aria-label="Earlier version">
        <PreviousIcon />
      </button>
      <span>
        {at + 1} of {branches.length}
      </span>
      <button
        type="button"
        disabled={at === branches.length - 1}
        onClick={() => go(1)}
        aria-label="Later version"
      >
        <ChevronIcon />
      </button>
    </span>
  )
}
