/** A price while it is typed: texts, and what they come to. */
import { type AiProvider, type PriceView, priceEditSchema } from '@matrixos/shared'
import { localTime, timeOf } from '../audit/search.ts'
import type { RateName } from './words.ts'

export type Rates = Record<RateName, string>

export interface PriceDraft {
  provider: AiProvider
  model: string
  rates: Rates
  /** Empty: prompts of any length cost the same. */
  longAbove: string
  longRates: Rates
  webSearchPer1000: string
  maxOutputTokens: string
  /** As a `datetime-local` field has it; empty: now. */
  from: string
  note: string
}

const NONE: Rates = { input: '', cacheWrite5m: '', cacheWrite1h: '', cacheRead: '', output: '' }

/** `now`: milliseconds. What changes a price is a new one: it begins now at the earliest, not when the old one did. */
export const draftOf = (price: PriceView | null, now: number): PriceDraft => ({
  provider: price?.provider ?? 'anthropic',
  model: price?.model ?? '',
  rates: price?.rates ?? NONE,
  longAbove: String(price?.longPrompt?.aboveTokens ?? ''),
  longRates: price?.longPrompt?.rates ?? NONE,
  webSearchPer1000: price?.webSearchPer1000 ?? '',
  maxOutputTokens: String(price?.maxOutputTokens ?? ''),
  from: localTime(new Date(now).toISOString()),
  note: '',
})

export const parseDraft = (draft: PriceDraft) =>
  priceEditSchema.safeParse({
    provider: draft.provider,
    model: draft.model,
    effectiveFrom: timeOf(draft.from) ?? '',
    price: {
      rates: draft.rates,
      longPrompt: draft.longAbove ? { aboveTokens: Number(draft.longAbove), rates: draft.longRates } : null,
      webSearchPer1000: draft.webSearchPer1000 || null,
      maxOutputTokens: draft.maxOutputTokens ? Number(draft.maxOutputTokens) : null,
    },
    ...(draft.note.trim() && { note: draft.note }),
  })

/** By the name of the field; in the order of the form. */
export function flawsOf(parsed: ReturnType<typeof parseDraft>): Record<string, string> {
  const flaws: Record<string, string> = {}
  for (const { path, message } of parsed.error?.issues ?? []) {
    const isLong = path.includes('longPrompt')
    const field = String(path.at(-1))
    const name = isLong && field !== 'aboveTokens' ? `long-${field}` : field
    flaws[name] ??= WORDS[field] ?? message
  }
  return flaws
}

const RATE = 'Such as 3 or 0.25.'
const COUNT = 'A whole number.'
const WORDS: Record<string, string> = {
  ...{ input: RATE, cacheWrite5m: RATE, cacheWrite1h: RATE, cacheRead: RATE, output: RATE },
  ...{ webSearchPer1000: RATE, aboveTokens: COUNT, maxOutputTokens: COUNT },
  effectiveFrom: 'A day and a time.',
}
