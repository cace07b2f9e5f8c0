/** What others may use of the prices. */
export { affordableMaxTokens, boundFromTokens, boundOf, leastOf } from './bound.ts'
export { costOf, costOfParts, splitCacheWrites } from './cost.ts'
export { createPriceBook, type PriceBook } from './price-book.ts'
export type { Bound, CallTerms, OpaqueInput, PricedUsage, ServedTerms } from './terms.ts'
