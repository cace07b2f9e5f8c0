/** One call: its model, tokens, cost and time; what it consists of unfolds. */
import type { CallView } from '@matrixos/shared'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { counted, countText, durationText } from '../../../lib/figures.ts'
import { site } from '../../../lib/hosts.ts'
import { exactUsdText } from '../../../lib/money.ts'
import { Badge } from '../../admin/badge.tsx'
import { exactTime, Moment } from '../../admin/moment.tsx'
import { PROVIDERS, payerWords } from '../words.ts'

const tokensOf = (call: CallView): number =>
  call.inputTokens + call.cacheWriteTokens + call.cacheReadTokens + call.outputTokens

export const CallRow = ({ call, now }: { call: CallView; now: number }) => (
  <li>
    <details className="group">
      <summary className="flex min-h-12 cursor-pointer items-start gap-2.5 py-3 text-sm leading-6 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="mt-1 size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto] gap-x-4 sm:grid-cols-[minmax(0,1fr)_9rem_8rem_7rem]">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2.5">
            <span className="min-w-0 truncate font-medium">{call.model}</span>
            {call.payer === 'own' && <Badge tone="accent">Own key</Badge>}
            {call.status === 'estimated' && <Badge tone="warn">Estimated</Badge>}
          </span>
          <span className="row-start-2 text-muted tabular-nums sm:row-start-auto sm:text-right">
            {counted(tokensOf(call), 'token', 'tokens')}
          </span>
          <span className="row-start-2 text-right text-muted sm:row-start-auto">
            <Moment iso={call.at} now={now} />
          </span>
          <span className="col-start-2 row-start-1 text-right tabular-nums sm:col-start-auto sm:row-start-auto">
            {exactUsdText(call.cost)}
          </span>
        </span>
      </summary>
      <Full call={call} />
    </details>
  </li>
)

const Full = ({ call }: { call: CallView }) => (
  <div className="mb-4 ml-6.5 rounded-control bg-sunken p-4 text-sm">
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
      <Fact term="Input">{countText(call.inputTokens)}</Fact>
      <Fact term="Cache written">{countText(call.cacheWriteTokens)}</Fact>
      <Fact term="Cache read">{countText(call.cacheReadTokens)}</Fact>
      <Fact term="Output">{countText(call.outputTokens)}</Fact>
      {call.webSearches > 0 && <Fact term="Web searches">{countText(call.webSearches)}</Fact>}
      <Fact term="Took">{durationText(call.durationMs)}</Fact>
      <Fact term="Paid by">
        {call.payer === 'own' ? `Your key at ${PROVIDERS[call.provider].name}` : payerWords(site()).payer}
      </Fact>
      <Fact term="Time">{exactTime(call.at)}</Fact>
    </dl>
    {call.status === 'estimated' && (
      <p className="mt-3 leading-6">
        Estimated: the provider’s figures never arrived, so what had been set aside for this call was charged.
      </p>
    )}
  </div>
)

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-muted">{term}</dt>
    <dd className="mt-0.5 break-words tabular-nums">{children}</dd>
  </div>
)
