/** What others may use of the prices. */
export { affordableMaxTokens, boundOf, leastOf } from './bound.ts'
export { costOfParts, splitCacheWrites } from './cost.ts'
export { followPrices } from './follow.ts'
export { createPriceBook } from './price-book.ts'
export type { Bound, CallTerms, OpaqueInput, ServedTerms } from './terms.ts'
