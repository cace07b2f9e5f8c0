/** What is used and what is left, what runs right now, and what became of a request for more. */
import type { CreditsView } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { countText } from '../../lib/figures.ts'
import { isNothing, usdFigure, usdText } from '../../lib/money.ts'
import { Card } from '../../ui/card.tsx'
import { CallsInFlight } from './calls-in-flight.tsx'
import { CreditMeter } from './credit-meter.tsx'
import { RequestState } from './request-state.tsx'
import { periodText, usedText } from './words.ts'

export const BalanceSection = ({ credits }: { credits: CreditsView }) => (
  <Card aria-labelledby="balance">
    <h2 id="balance" className="font-semibold text-xl">
      {usedText(credits)}
    </h2>
    <div className="mt-5 max-w-lg">
      <CreditMeter credits={credits} />
    </div>
    <CallsInFlight calls={credits.calls} />
    <dl className="mt-6 grid grid-cols-2 gap-x-6 gap-y-5 border-line border-t pt-6 text-sm lg:grid-cols-4">
      <Fact term="Left" note={grantedText(credits)}>
        {usdFigure(credits.remaining)}
      </Fact>
      <Fact term="Set aside now" note="What calls in flight may cost at most.">
        {usdFigure(credits.held)}
      </Fact>
      <Fact term="Renewed" note={`${periodText(credits)}.`}>
        {credits.period === 'month' ? 'Every month' : 'Never'}
      </Fact>
      <Fact term="Speed" note={`${countText(credits.callsPerMinute)} a minute.`}>
        {countText(credits.callsAtOnce)} calls at once
      </Fact>
    </dl>
    {credits.request && <RequestState request={credits.request} />}
  </Card>
)

const grantedText = ({ granted, limit }: CreditsView): string | null =>
  isNothing(granted) ? null : `Of ${usdText(limit)}, ${usdText(granted)} were granted to you.`

const Fact = ({ term, note, children }: { term: string; note?: string | null; children: ReactNode }) => (
  <div>
    <dt className="text-muted">{term}</dt>
    <dd className="mt-1 font-medium tabular-nums">{children}</dd>
    {note && <dd className="mt-1 text-muted leading-5">{note}</dd>}
  </div>
)
