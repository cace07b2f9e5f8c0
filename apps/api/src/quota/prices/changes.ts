/**
 * What is different, in words: between the installed package and the one whose prices were last looked at (a snapshot in
 * this folder, so that an upgrade shows its prices in review), and between the sources of the book.
 */
import { formatUsd, type ModelPrice, type TokenRates } from '@matrixos/shared'
import { createPrices } from './book.ts'

const written = ({ input, cacheWrite5m, cacheWrite1h, cacheRead, output }: TokenRates): string =>
  [input, cacheWrite5m, cacheWrite1h, cacheRead, output].map(formatUsd).join('/')

/** `1.00/1.25/2.00/0.10/5.00, searches 10.00, answers 64000`: as in the heading of `npm run prices`. */
export const describePrice = ({ rates, longPrompt, webSearchPer1000, maxOutputTokens }: ModelPrice): string =>
  [
    written(rates),
    longPrompt && `above ${longPrompt.aboveTokens} ${written(longPrompt.rates)}`,
    webSearchPer1000 !== null && `searches ${formatUsd(webSearchPer1000)}`,
    maxOutputTokens !== null && `answers ${maxOutputTokens}`,
  ]
    .filter(Boolean)
    .join(', ')

export const dayOf = (date: Date): string => date.toISOString().slice(0, 10)

/** By provider, model and first day. */
export type Snapshot = Record<string, string>

export const snapshotOf = (prices: readonly ModelPrice[]): Snapshot =>
  Object.fromEntries(
    prices
      .map((price) => [
        `${price.provider} ${price.model} from ${dayOf(price.effectiveFrom)}`,
        describePrice(price),
      ])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  )

/** A line for each price that is new, gone or another. */
export function snapshotChanges(before: Snapshot, after: Snapshot): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]]
    if (old === now) return []
    if (old === undefined) return [`new: ${name}: ${now}`]
    return [now === undefined ? `gone: ${name}: ${old}` : `changed: ${name}: ${old} → ${now}`]
  })
}

const UNDER = { admin: ['file', 'package'], file: ['package'], package: [] } as const

/** For each price of the file and of administrators that counts at `at` or later: what it stands in front of. */
export function sourceDifferences(prices: readonly ModelPrice[], at: Date): string[] {
  const bySource = Map.groupBy(prices, ({ source }) => source)
  return createPrices(prices)
    .list(at)
    .filter(({ price }) => price.source !== 'package')
    .map(({ price }) => {
      const { provider, model, source, effectiveFrom } = price
      const name = `${provider} ${model} from ${dayOf(effectiveFrom)}`
      const moment = effectiveFrom > at ? effectiveFrom : at
      for (const under of UNDER[source]) {
        const hidden = createPrices(bySource.get(under) ?? []).priceOf(provider, model, moment)
        if (!hidden) continue
        const [old, now] = [describePrice(hidden), describePrice(price)]
        return old === now
          ? `${source} repeats ${under}: ${name}`
          : `${source} overrides ${under}: ${name}: ${old} → ${now}`
      }
      return `${source} alone: ${name}: ${describePrice(price)}`
    })
}
