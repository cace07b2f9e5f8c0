/** The figures that count: what was spent, where this month is heading, and what calls in flight may still cost. */
import type { SpendView } from '@matrixos/shared'
import { counted } from '../../../lib/figures.ts'
import { isNothing, usdFigure } from '../../../lib/money.ts'
import { Fact, Facts, FigureCard } from '../overview/figure-card.tsx'

export const SpendFigures = ({ spend, days }: { spend: SpendView; days: number }) => (
  <div className="grid gap-5 sm:grid-cols-2 xl:grid-cols-3">
    <FigureCard title={`Last ${days} days`} figure={usdFigure(spend.total)} unit="spent">
      <Facts>
        <Fact term="Today (UTC)">{usdFigure(spend.today)}</Fact>
        <Fact term="Estimated part">
          {isNothing(spend.estimated.cost)
            ? 'None'
            : `${usdFigure(spend.estimated.cost)} in ${counted(spend.estimated.calls, 'call', 'calls')}`}
        </Fact>
      </Facts>
    </FigureCard>
    <FigureCard title="This month" figure={usdFigure(spend.spentThisMonth)} unit="so far">
      <Facts>
        <Fact term="Forecast">
          {spend.forecastMonth === null ? 'Not enough to go by' : usdFigure(spend.forecastMonth)}
        </Fact>
        <Fact term="Based on">The last 7 days</Fact>
      </Facts>
    </FigureCard>
    <FigureCard
      title="At stake now"
      figure={usdFigure(spend.exposure)}
      unit="at most"
      className="sm:max-xl:col-span-2"
    >
      <Facts>
        <Fact term="Calls in flight">{spend.callsInFlight}</Fact>
        <Fact term="Refreshes">Every 5 seconds</Fact>
      </Facts>
    </FigureCard>
  </div>
)
