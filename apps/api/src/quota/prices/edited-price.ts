/** A price as people write it, in USD, and as it is charged, in nano-USD. */
import { type EditedPrice, formatUsd, type ModelPrice, parseUsd, type TokenRates } from '@matrixos/shared'

type Rates<T> = Record<keyof TokenRates, T>

const mapRates = <A, B>(rates: Rates<A>, map: (rate: A) => B): Rates<B> => ({
  input: map(rates.input),
  cacheWrite5m: map(rates.cacheWrite5m),
  cacheWrite1h: map(rates.cacheWrite1h),
  cacheRead: map(rates.cacheRead),
  output: map(rates.output),
})

type Charged = Pick<ModelPrice, 'rates' | 'longPrompt' | 'webSearchPer1000' | 'maxOutputTokens'>

export const chargedPrice = ({ rates, longPrompt, ...price }: EditedPrice): Charged => ({
  rates: mapRates(rates, parseUsd),
  longPrompt: longPrompt && { ...longPrompt, rates: mapRates(longPrompt.rates, parseUsd) },
  webSearchPer1000: price.webSearchPer1000 === null ? null : parseUsd(price.webSearchPer1000),
  maxOutputTokens: price.maxOutputTokens,
})

export const writtenPrice = ({ rates, longPrompt, ...price }: Charged): EditedPrice => ({
  rates: mapRates(rates, formatUsd),
  longPrompt: longPrompt && { ...longPrompt, rates: mapRates(longPrompt.rates, formatUsd) },
  webSearchPer1000: price.webSearchPer1000 === null ? null : formatUsd(price.webSearchPer1000),
  maxOutputTokens: price.maxOutputTokens,
})
