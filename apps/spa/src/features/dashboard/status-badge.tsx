/** The state in a word, with its light. Screen readers hear every change. */
import type { StatusWords } from '../../lib/status.ts'
import { Dot } from '../../ui/dot.tsx'

export const StatusBadge = ({ words }: { words: StatusWords }) => (
  <span
    role="status"
    className="inline-flex items-center gap-2.5 rounded-full border border-line bg-paper py-1.5 pr-4 pl-3 font-medium text-sm"
  >
    <Dot tone={words.tone} />
    {words.label}
  </span>
)
