/** Amounts of USD as people read them. On the wire they are exact decimal strings. */
import { formatUsd, parseUsd } from '@matrixos/shared'
import { countText } from './figures.ts'

const CENT = 10_000_000n
const LEAST = 'less than $0.01'

/** `'2.3041'` → `$2.30`. What is more than nothing never reads as nothing. */
export function usdText(amount: string): string {
  const nano = parseUsd(amount)
  if (nano > 0n && nano < CENT) return LEAST
  const cents = (nano + CENT / 2n) / CENT
  return `$${countText(Number(cents / 100n))}.${String(cents % 100n).padStart(2, '0')}`
}

/** As a figure of its own, which stands alone and large: `<$0.01` instead of words. */
export const usdFigure = (amount: string): string => usdText(amount).replace('less than ', '<')

/** Every digit, for what one call cost: `'0.000123'` → `$0.000123`. */
export const exactUsdText = (amount: string): string => `$${formatUsd(parseUsd(amount))}`

export const isNothing = (amount: string): boolean => parseUsd(amount) === 0n

export const sumUsd = (amounts: readonly string[]): string =>
  formatUsd(amounts.reduce((sum, amount) => sum + parseUsd(amount), 0n))

/** For lengths and angles only: a double does not hold every amount. */
export const usdNumber = (amount: string): number => Number(parseUsd(amount)) / 1e9

/** What part of `whole` it is, 0 to 1; all of nothing is 1. */
export function shareOf(part: string, whole: string): number {
  const total = parseUsd(whole)
  if (total === 0n) return 1
  return Math.min(1, Number((parseUsd(part) * 10_000n) / total) / 10_000)
}
