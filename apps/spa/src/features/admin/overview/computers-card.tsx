/** How many computers there are, by what they are doing. */
import { type AdminOverview, OBSERVED } from '@matrixos/shared'
import { countText } from '../../../lib/figures.ts'
import { Dot } from '../../../ui/dot.tsx'
import { OBSERVED_WORDS } from '../observed-words.ts'
import { Fact, Facts, FigureCard } from './figure-card.tsx'

/** Shown also where they are none, so that the card keeps its shape. */
const ALWAYS = ['running', 'stopped', 'failed'] as const

export function ComputersCard({ instances }: { instances: AdminOverview['instances'] }) {
  const { total, byObserved } = instances
  const states = OBSERVED.filter(
    (state) => byObserved[state] !== undefined || ALWAYS.some((always) => always === state),
  )
  return (
    <FigureCard
      title="Computers"
      figure={countText(byObserved.running ?? 0)}
      unit={`awake of ${countText(total)}`}
    >
      <Facts>
        {states.map((state) => (
          <Fact
            key={state}
            term={
              <span className="inline-flex items-center gap-2.5">
                <Dot tone={OBSERVED_WORDS[state].tone} className="shadow-none" />
                {OBSERVED_WORDS[state].label}
              </span>
            }
          >
            {countText(byObserved[state] ?? 0)}
          </Fact>
        ))}
      </Facts>
    </FigureCard>
  )
}
