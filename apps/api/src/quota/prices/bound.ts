/**
 * The most that a call can cost, before it is made: what is held.
 *
 * Tokens of text are never more than its bytes: the tokenizers of both providers are byte-level, so each token stands
 * for one byte at least. JSON only makes text longer (an escape is longer than what it stands for), and the few tokens
 * that mark a turn are fewer than the bytes of the JSON around it. What the body does not show is added: the provider's
 * own instructions for tools. What its bytes say nothing of (images, files) must be counted by the provider.
 */
import type { ModelPrice, TokenRates } from '@matrixos/shared'
import { ratesFor, searchesAt } from './cost.ts'
import { dearer, dearestFactor, knownFactor } from './factors.ts'
import { add, multiply, ONE, type Rational, roundUp } from './rational.ts'
import type { Bound, CallTerms } from './terms.ts'

/** Instructions that come with any tools (up to 804 tokens) or with a schema for the answer. */
const INSTRUCTION_TOKENS = 1_024
/** Description of a tool that the request only names: `computer` is the longest, with some 1,500. */
const NAMED_TOOL_TOKENS = 2_048
/** What one search usually adds to the prompt. A search is not limited in tokens by any request. */
const SEARCH_RESULT_TOKENS = 10_000
/** Searches of a call that limits none: the provider pauses its own loop after 10 turns. */
const UNLIMITED_SEARCHES = 10
/** What fetching, code and remote tools usually add. */
const SERVER_TOOL_TOKENS = 50_000

/**
 * Of an image by URL. The provider scales each down, to 4,784 tokens at most with the models that see finest, whatever
 * it fetched (https://platform.claude.com/docs/en/build-with-claude/vision); with room for what marks it.
 */
const IMAGE_BY_URL_TOKENS = 8_192

/** `count_tokens` is an estimate that may differ by a small amount: 2 %, and what the instructions take. */
const withMargin = (counted: number): number => counted + Math.ceil(counted / 50) + INSTRUCTION_TOKENS

const searchesOf = ({ webSearchMaxUses }: CallTerms): number => webSearchMaxUses ?? UNLIMITED_SEARCHES

const isTokenBounded = (terms: CallTerms): boolean => searchesOf(terms) === 0 && !terms.hasServerTools

/** Prompt tokens, cached or not, at most; `null`: ask `count_tokens`. */
function inputBound(terms: CallTerms): number | null {
  const tools = (terms.hasTools ? INSTRUCTION_TOKENS : 0) + terms.namedTools * NAMED_TOOL_TOKENS
  const byBytes = terms.opaque.length === 0 ? terms.bytes + tools : null
  const byCount = terms.countedTokens === null ? null : withMargin(terms.countedTokens)
  if (byBytes === null && byCount === null) return null
  const own = Math.min(byBytes ?? Number.POSITIVE_INFINITY, byCount ?? Number.POSITIVE_INFINITY)
  const fetched = searchesOf(terms) * SEARCH_RESULT_TOKENS + terms.imagesByUrl * IMAGE_BY_URL_TOKENS
  return own + fetched + (terms.hasServerTools ? SERVER_TOOL_TOKENS : 0)
}

const most = (...amounts: bigint[]): bigint => amounts.reduce((a, b) => (a > b ? a : b), 0n)

/** The dearest that a token of the prompt can be, each at its own rate of the model. */
const dearestInput = (rates: TokenRates, ttl: CallTerms['cacheTtl']): bigint =>
  most(
    ...[rates.input, rates.cacheRead],
    ...(ttl === 'none' ? [] : [rates.cacheWrite5m]),
    ...(ttl === '1h' ? [rates.cacheWrite1h] : []),
  )

/** Of what is asked for and what may be served instead: the standard, or what the operator's workspace is set to. */
function factorOf(price: ModelPrice, terms: CallTerms): Rational | Extract<Bound, { kind: 'unknown' }> {
  const tier = knownFactor(price, 'tier', terms.tier)
  if (!tier) return { kind: 'unknown', term: 'tier' }
  const speed = knownFactor(price, 'speed', terms.speed)
  if (!speed) return { kind: 'unknown', term: 'speed' }
  const region =
    terms.region === null ? dearestFactor(price, 'region') : knownFactor(price, 'region', terms.region)
  if (!region) return { kind: 'unknown', term: 'region' }
  return [tier, speed, region].map((factor) => dearer(factor, ONE)).reduce(multiply, ONE)
}

/** A bound is `fixed + perToken × tokens of output`, in nano-USD. */
interface Shape {
  kind: 'shape'
  fixed: Rational
  /** Of each token of `maxTokens`, for all answers asked for. */
  perToken: Rational
}

function shapeOf(
  price: ModelPrice,
  terms: CallTerms,
): Shape | Exclude<Bound, { kind: 'bound' | 'unlimited' }> {
  const searches = searchesOf(terms)
  if (searches > 0 && price.webSearchPer1000 === null) return { kind: 'unknown', term: 'web_search' }
  const factor = factorOf(price, terms)
  if ('kind' in factor) return factor
  const tokens = inputBound(terms)
  if (tokens === null) return { kind: 'count', opaque: terms.opaque }
  // The prompt may also turn out to be short enough for the standard rates, whichever of the two are higher.
  const [standard, long] = [price.rates, ratesFor(price, tokens)]
  const input = most(dearestInput(standard, terms.cacheTtl), dearestInput(long, terms.cacheTtl))
  const output = most(standard.output, long.output)
  const perMillion = (amount: bigint) => multiply({ n: amount, d: 1_000_000n }, factor)
  return {
    kind: 'shape',
    fixed: add(perMillion(BigInt(tokens) * input), searchesAt(price, searches)),
    perToken: perMillion(BigInt(terms.choices) * output),
  }
}

const boundAt = ({ fixed, perToken }: Shape, maxTokens: number): bigint =>
  roundUp(add(fixed, multiply(perToken, { n: BigInt(maxTokens), d: 1n })))

/** Of the answer: what is asked for, or else what the model can give; `null`: not known. */
const outputLimit = (price: ModelPrice, terms: CallTerms): number | null =>
  terms.maxTokens ?? price.maxOutputTokens

/** What to hold for this call. */
export function boundOf(price: ModelPrice, terms: CallTerms): Bound {
  const shape = shapeOf(price, terms)
  if (shape.kind !== 'shape') return shape
  const maxTokens = outputLimit(price, terms)
  if (maxTokens === null) return { kind: 'unlimited' }
  return { kind: 'bound', amount: boundAt(shape, maxTokens), isTokenBounded: isTokenBounded(terms) }
}

/** The same, after `count_tokens` answered. */
export const boundFromTokens = (price: ModelPrice, terms: CallTerms, countedTokens: number): Bound =>
  boundOf(price, { ...terms, countedTokens })

/**
 * The highest `max_tokens`, not above what is asked for, whose bound fits into `amount`; 0: not even one token does.
 * The bound of the call with it is never above `amount`. Also 0 where the call has no bound: see `boundOf` first.
 */
export function affordableMaxTokens(price: ModelPrice, terms: CallTerms, amount: bigint): number {
  const shape = shapeOf(price, terms)
  const asked = outputLimit(price, terms)
  if (shape.kind !== 'shape' || asked === null) return 0
  const { fixed, perToken } = shape
  // What is left for output, over fixed.d; roundUp(x) ≤ amount is the same as x ≤ amount.
  const left = amount * fixed.d - fixed.n
  if (left < 0n) return 0
  if (perToken.n === 0n) return asked
  const tokens = (left * perToken.d) / (fixed.d * perToken.n)
  return tokens < BigInt(asked) ? Number(tokens) : asked
}

/**
 * The least amount that is worth granting: what the call costs at most with an answer of `leastTokens`. `null`: the
 * call has no bound.
 */
export function leastOf(price: ModelPrice, terms: CallTerms, leastTokens: number): bigint | null {
  const shape = shapeOf(price, terms)
  const asked = outputLimit(price, terms)
  return shape.kind === 'shape' && asked !== null ? boundAt(shape, Math.min(asked, leastTokens)) : null
}
