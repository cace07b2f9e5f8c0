/**
 * What decides what a call costs, in the words of no wire format: each format fills it in from its requests and answers.
 * Nothing here holds content.
 */
import type { AiUsage, ModelPrice } from '@matrixos/shared'

/** What the bytes of a request say nothing about: a small file may be many tokens. */
export type OpaqueInput =
  | 'image'
  | 'document'
  | 'audio'
  /** By id or URL: the provider fetches it. */
  | 'file'
  /** A conversation, prompt or container that the provider keeps. */
  | 'stored'

/** What a request asks for. */
export interface CallTerms {
  /** As asked for, with its date if it has one. */
  model: string
  /** Of the body, decoded: a token of text is at least one byte (see `bound.ts`). */
  bytes: number
  /** What makes `bytes` no bound; empty: it is one. */
  opaque: readonly OpaqueInput[]
  /** Those that the provider fetches, again for each request: neither bytes nor a count bound them. */
  imagesByUrl: number
  /** As `count_tokens` said, cached or not; `null`: not asked. */
  countedTokens: number | null
  /** `null`: no limit asked for; the model's own counts. */
  maxTokens: number | null
  /** Answers asked for at once (`n`); each may be `maxTokens` long. */
  choices: number
  /**
   * The longest life of a cache entry that the request may write. A format whose provider writes its cache unasked
   * says `5m`, always.
   */
  cacheTtl: 'none' | '5m' | '1h'
  /** Tools of any kind: with them the provider adds instructions of its own to the prompt. */
  hasTools: boolean
  /** Those that the request only names (`bash_20250124`): their descriptions are the provider's. */
  namedTools: number
  /** 0: not allowed to search; `null`: allowed, without a limit. */
  webSearchMaxUses: number | null
  /** Other tools that run at the provider and add to the prompt while it answers: fetch, code, remote MCP. */
  hasServerTools: boolean
  /** `service_tier`; `null`: not asked for. */
  tier: string | null
  /** `speed`; `null`: not asked for. */
  speed: string | null
  /** `inference_geo`; `null`: not asked for, so what the operator's workspace is set to. */
  region: string | null
}

/** How a call was served, as the answer's usage says. A batch is `tier: 'batch'`. */
export interface ServedTerms {
  tier: string | null
  speed: string | null
  region: string | null
}

/** A share of a call that one model did: all of it, usually; `iterations[]` have a model of their own. */
export interface PricedUsage {
  price: ModelPrice
  usage: AiUsage
}

export type Bound =
  | {
      kind: 'bound'
      /** Nano-USD: it can cost no more. */
      amount: bigint
      /** `false`: tools at the provider add to the prompt, by more than any request limits; `amount` allows for the usual. */
      isTokenBounded: boolean
    }
  /** Bytes are no bound here: ask `count_tokens`, then again with `countedTokens`. */
  | { kind: 'count'; opaque: readonly OpaqueInput[] }
  /** The request limits no output and the model's own limit is not known: it needs a `max_tokens`. */
  | { kind: 'unlimited' }
  /** Asks for something that has no price here: refused on the platform's key, as an unknown model is. */
  | { kind: 'unknown'; term: 'tier' | 'speed' | 'region' | 'web_search' }
