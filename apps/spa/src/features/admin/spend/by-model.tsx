/** What was spent on each model. */
import type { SpendView } from '@matrixos/shared'
import { counted, countText } from '../../../lib/figures.ts'
import { usdText } from '../../../lib/money.ts'
import { Nothing, Section } from '../person/section.tsx'

export const ByModel = ({ models }: { models: SpendView['byModel'] }) => (
  <Section title="By model">
    {models.length === 0 ? (
      <Nothing>No model was called.</Nothing>
    ) : (
      <ul className="mt-3 divide-y divide-line text-sm">
        {models.map(({ model, cost, calls, tokens }) => (
          <li key={model} className="flex items-baseline justify-between gap-4 py-3">
            <span className="min-w-0">
              <span className="block truncate font-medium">{model}</span>
              <span className="text-muted">
                {counted(calls, 'call', 'calls')} · {countText(tokens)} tokens
              </span>
            </span>
            <span className="whitespace-nowrap tabular-nums">{usdText(cost)}</span>
          </li>
        ))}
      </ul>
    )}
  </Section>
)
