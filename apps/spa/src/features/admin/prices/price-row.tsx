/** One price of one model: its rates, from when on, where it comes from, and the way to edit it. */
import type { PriceView } from '@matrixos/shared'
import { type ReactNode, useRef, useState } from 'react'
import { countText } from '../../../lib/figures.ts'
import { exactUsdText } from '../../../lib/money.ts'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/cn.ts'
import { PROVIDERS } from '../../credits/words.ts'
import { Badge } from '../badge.tsx'
import { EditPrice } from './edit-price.tsx'
import type { When } from './found.ts'
import { RevertPrice } from './revert-price.tsx'
import { RATES, SOURCES } from './words.ts'

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })
const dayOf = (iso: string): string => day.format(new Date(iso))
/** One that was always in force is as of the beginning of time. */
const isDated = ({ effectiveFrom }: PriceView): boolean => Date.parse(effectiveFrom) > 0

export const PriceRow = ({ price, when }: { price: PriceView; when: When }) => (
  <li className={cn('py-4', when === 'past' && 'text-muted')}>
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-64 text-sm leading-6">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all font-medium text-base">{price.model}</span>
          {when === 'later' && <Badge tone="warn">From {dayOf(price.effectiveFrom)}</Badge>}
          {when === 'past' && price.effectiveUntil && <Badge>Until {dayOf(price.effectiveUntil)}</Badge>}
          {price.source === 'admin' && <Badge tone="accent">Edited</Badge>}
        </p>
        <p className="text-muted">
          {PROVIDERS[price.provider].name} · {SOURCES[price.source]}
          {price.editedBy && ` by ${price.editedBy}`}
          {isDated(price) && ` · since ${dayOf(price.effectiveFrom)}`}
        </p>
        {price.note && <p className="break-words text-muted">“{price.note}”</p>}
      </div>
      <Actions price={price} />
    </div>
    <Rates rates={price.rates} />
    {price.longPrompt && (
      <>
        <p className="mt-3 text-muted text-sm">
          Above {countText(price.longPrompt.aboveTokens)} prompt tokens:
        </p>
        <Rates rates={price.longPrompt.rates} />
      </>
    )}
    <p className="mt-2 text-muted text-sm">
      {price.webSearchPer1000 === null
        ? 'No web search'
        : `Web search ${exactUsdText(price.webSearchPer1000)} per 1,000`}
      {price.maxOutputTokens !== null && ` · up to ${countText(price.maxOutputTokens)} output tokens`}
    </p>
  </li>
)

const Rates = ({ rates }: { rates: PriceView['rates'] }) => (
  <dl className="mt-2.5 grid grid-cols-3 gap-x-4 gap-y-2 text-sm sm:max-w-xl sm:grid-cols-5">
    {RATES.map(({ name, label }) => (
      <Rate key={name} term={label}>
        {exactUsdText(rates[name])}
      </Rate>
    ))}
  </dl>
)

const Rate = ({ term, children }: { term: string; children: ReactNode }) => (
  <div>
    <dt className="text-muted">{term}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
)

function Actions({ price }: { price: PriceView }) {
  const [open, setOpen] = useState<'edit' | 'revert' | null>(null)
  const opener = useRef<HTMLElement>(null)
  const ask = (dialog: 'edit' | 'revert') => (event: { currentTarget: HTMLElement }) => {
    opener.current = event.currentTarget
    setOpen(dialog)
  }
  return (
    <div className="flex gap-2">
      {price.source === 'admin' && (
        <Button
          size="sm"
          variant="danger-quiet"
          aria-label={`Revert the edit of ${price.model}`}
          onClick={ask('revert')}
        >
          Revert…
        </Button>
      )}
      <Button
        size="sm"
        variant="secondary"
        aria-label={`Edit the price of ${price.model}`}
        onClick={ask('edit')}
      >
        Edit…
      </Button>
      {open === 'edit' && <EditPrice price={price} opener={opener} onClose={() => setOpen(null)} />}
      {open === 'revert' && <RevertPrice price={price} opener={opener} onClose={() => setOpen(null)} />}
    </div>
  )
}
