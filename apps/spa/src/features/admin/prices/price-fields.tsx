/** The fields of a price. */
import { AI_PROVIDERS } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { Choice } from '../../../ui/choice.tsx'
import { Field } from '../../../ui/field.tsx'
import { PROVIDERS } from '../../credits/words.ts'
import type { PriceDraft, Rates } from './draft.ts'
import { RATES } from './words.ts'

export interface PriceFieldsProps {
  draft: PriceDraft
  change: (part: Partial<PriceDraft>) => void
  flaws: Record<string, string>
}

const OPTIONS = AI_PROVIDERS.map((value) => ({ value, label: PROVIDERS[value].name }))
const plain = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const
const dollar = (
  <span aria-hidden className="mr-1 text-muted">
    $
  </span>
)

export const ModelFields = ({ draft, change, flaws }: PriceFieldsProps) => (
  <>
    <Choice
      legend="Provider"
      options={OPTIONS}
      value={draft.provider}
      onValue={(provider) => change({ provider })}
    />
    <Field
      {...plain}
      className="mt-5"
      label="Model"
      name="model"
      placeholder="claude-haiku-4-5"
      hint="Its exact id, without a date."
      maxLength={100}
      value={draft.model}
      error={flaws.model}
      onChange={(event) => change({ model: event.target.value.trim() })}
    />
  </>
)

export const PriceFields = ({ draft, change, flaws }: PriceFieldsProps) => (
  <>
    <RateFields rates={draft.rates} flaws={flaws} prefix="" onRates={(rates) => change({ rates })} />
    <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2">
      <Field
        {...plain}
        label="1,000 searches"
        name="webSearchPer1000"
        inputMode="decimal"
        placeholder="None"
        start={dollar}
        value={draft.webSearchPer1000}
        error={flaws.webSearchPer1000}
        onChange={(event) => change({ webSearchPer1000: event.target.value.trim() })}
      />
      <Field
        {...plain}
        label="Most output"
        name="maxOutputTokens"
        inputMode="numeric"
        placeholder="Unknown"
        value={draft.maxOutputTokens}
        error={flaws.maxOutputTokens}
        onChange={(event) => change({ maxOutputTokens: event.target.value.trim() })}
      />
    </div>
    <LongPrompt {...{ draft, change, flaws }} />
    <Field
      label="From"
      type="datetime-local"
      name="effectiveFrom"
      hint="In your time zone."
      value={draft.from}
      error={flaws.effectiveFrom}
      onChange={(event) => change({ from: event.target.value })}
    />
    <Field
      {...plain}
      className="mt-2"
      label="Note"
      name="note"
      hint="Where the price was read, for the other administrators."
      maxLength={200}
      value={draft.note}
      error={flaws.note}
      onChange={(event) => change({ note: event.target.value })}
    />
  </>
)

const LongPrompt = ({ draft, change, flaws }: PriceFieldsProps): ReactNode => (
  <details
    className="mt-2 mb-5 rounded-control border border-line px-4"
    open={draft.longAbove !== '' || undefined}
  >
    <summary className="-mx-4 min-h-11 cursor-pointer px-4 py-3 text-muted text-sm">
      Other rates for long prompts
    </summary>
    <Field
      {...plain}
      label="Above how many tokens"
      name="aboveTokens"
      inputMode="numeric"
      placeholder="Never"
      hint="Above it, these rates apply to every token of the call."
      noteLines={2}
      value={draft.longAbove}
      error={flaws.aboveTokens}
      onChange={(event) => change({ longAbove: event.target.value.trim() })}
    />
    {draft.longAbove !== '' && (
      <RateFields
        rates={draft.longRates}
        flaws={flaws}
        prefix="long-"
        onRates={(longRates) => change({ longRates })}
      />
    )}
  </details>
)

interface RateFieldsProps {
  rates: Rates
  flaws: Record<string, string>
  /** Tells the two sets of rates apart. */
  prefix: string
  onRates: (rates: Rates) => void
}

const RateFields = ({ rates, flaws, prefix, onRates }: RateFieldsProps) => (
  <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2">
    {RATES.map(({ name, label }) => (
      <Field
        {...plain}
        key={name}
        label={label}
        name={`${prefix}${name}`}
        inputMode="decimal"
        start={dollar}
        value={rates[name]}
        error={flaws[`${prefix}${name}`]}
        onChange={(event) => onRates({ ...rates, [name]: event.target.value.trim() })}
      />
    ))}
  </div>
)
