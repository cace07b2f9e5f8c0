/** What went wrong with computers lately, also where it ended by itself. */
import type { AdminOverview } from '@matrixos/shared'
import { countText } from '../../../lib/figures.ts'
import { Fact, Facts, FigureCard } from './figure-card.tsx'

export const FailuresCard = ({ failures }: { failures: AdminOverview['failures24h'] }) => (
  <FigureCard title="Failures" figure={countText(failures.count)} unit="in the last 24 hours">
    {failures.byCode.length > 0 && (
      <Facts>
        {failures.byCode.map(({ code, count }) => (
          <Fact key={code} term={<code className="break-all font-mono text-[0.95em]">{code}</code>}>
            {countText(count)}
          </Fact>
        ))}
      </Facts>
    )}
  </FigureCard>
)
