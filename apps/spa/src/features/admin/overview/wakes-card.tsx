/** How long people wait for their computers to wake. */
import type { AdminOverview } from '@matrixos/shared'
import { countText, durationText } from '../../../lib/figures.ts'
import { Fact, Facts, FigureCard } from './figure-card.tsx'

export const WakesCard = ({ wakes }: { wakes: AdminOverview['wakes24h'] }) =>
  wakes.p50Ms === null || wakes.p95Ms === null ? (
    <FigureCard title="Wake time" figure="–" unit="no wakes in the last 24 hours" />
  ) : (
    <FigureCard title="Wake time" figure={durationText(wakes.p50Ms)} unit="median">
      <Facts>
        <Fact term="95 of 100 are faster than">{durationText(wakes.p95Ms)}</Fact>
        <Fact term="Wakes in the last 24 hours">{countText(wakes.count)}</Fact>
      </Facts>
    </FigureCard>
  )
