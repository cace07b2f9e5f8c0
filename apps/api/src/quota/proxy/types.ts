/** What the proxy is given of other rooms. */
import type { AiProvider, ModelPrice, UserId } from '@matrixos/shared'
import type {
  Allowance,
  Caller,
  CallId,
  LedgerAnswer,
  LedgerOperation,
  SealedKey,
} from '../../ports/ledger.ts'
import type { Upstream } from './upstream.ts'

/** The books, one operation at a time; many share a transaction. Rejects when the outcome is unknown. */
export interface Books {
  run: <O extends LedgerOperation>(operation: O) => Promise<LedgerAnswer<O>>
}

export interface Prices {
  /** By exact id or its dated form, as of now; `null`: no price is known. */
  find: (provider: AiProvider, model: string) => ModelPrice | null
}

/** Rejects for a key that was sealed with another secret, or for another person. */
export type OpenKey = (sealed: SealedKey, userId: UserId) => Promise<string>

export type AllowanceOf = (plan: Caller['plan']) => Allowance

/** Where calls of one format go. */
export interface ProviderUpstreams {
  /** With the platform's key; `null`: the platform has none. */
  platform: { upstream: Upstream; key: string } | null
  /** With a person's own key. */
  own: Upstream
}

export interface ProxyLimits {
  /** Of one request's body, of all that one instance has in memory, and of all that are. */
  bodyBytes: number
  bodyBytesOfOne: number
  bodyBytesAtOnce: number
  /** What each instance may have in memory, however much all have. */
  bodyBytesAlways: number
  /** JSON values in a metered body, and what one instance may have parsed in a minute: see `costOfParsing`. */
  valuesOfBody: number
  parsedPerMinute: number
  /** For a body to arrive whole. */
  bodyMs: number
  /** Requests of one instance under way, of any kind. */
  requestsAtOnce: number
  /** Calls of one person that cost nothing. */
  freeCallsPerMinute: number
  /** Tokens of nobody that one address asks with. */
  wrongTokensPerMinute: number
  /** From when the client is gone to when the provider's answer is given up. */
  drainMs: number
  drainsAtOnce: number
  /** A client that takes no byte of its answer for that long counts as gone. */
  stalledMs: number
}

/** All but what the environment says. */
export const DEFAULT_LIMITS: Omit<ProxyLimits, 'wrongTokensPerMinute'> = {
  bodyBytes: 32 * 1_048_576,
  bodyBytesOfOne: 64 * 1_048_576,
  bodyBytesAtOnce: 256 * 1_048_576,
  bodyBytesAlways: 524_288,
  valuesOfBody: 100_000,
  parsedPerMinute: 512 * 1_048_576,
  bodyMs: 60_000,
  requestsAtOnce: 64,
  freeCallsPerMinute: 300,
  drainMs: 600_000,
  drainsAtOnce: 5,
  stalledMs: 300_000,
}

/** A call in flight, for progress reports. */
export interface LiveCall {
  id: CallId
  costSoFar: () => bigint
}
