/** The calls that run right now, with what they have cost so far. */
import type { CreditsView } from '@matrixos/shared'
import { exactUsdText } from '../../lib/money.ts'
import { useNow } from '../../lib/use-now.ts'
import { Dot } from '../../ui/dot.tsx'

const MOST_SHOWN = 5

export function CallsInFlight({ calls }: { calls: CreditsView['calls'] }) {
  const now = useNow(1_000)
  if (calls.length === 0) return null
  return (
    <ul aria-label="Calls in flight" className="mt-4 space-y-2 border-line border-t pt-4 text-sm">
      {calls.slice(0, MOST_SHOWN).map(({ id, model, startedAt, costSoFar }) => (
        <li key={id} className="flex items-center gap-3">
          <Dot tone="busy" className="size-2 bg-lit" />
          <span className="min-w-0 truncate">{model}</span>
          <span className="text-muted tabular-nums">
            {Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000))} s
          </span>
          <span className="ml-auto whitespace-nowrap tabular-nums">{exactUsdText(costSoFar)} so far</span>
        </li>
      ))}
    </ul>
  )
}
