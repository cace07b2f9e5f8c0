/** What others may use of the prices. */
export type { Bound, CallTerms, OpaqueInput, PricedUsage, ServedTerms } from './terms.ts'
