/** What is held is never less than what is charged: tried with random calls, and with amounts worked out by hand. */
import { type AiUsage, type ModelPrice, parseUsd } from '@matrixos/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { affordableMaxTokens, boundFromTokens, boundOf, leastOf } from './bound.ts'
import { costOf, promptTokens } from './cost.ts'
import { createPriceBook } from './price-book.ts'
import type { CallTerms, ServedTerms } from './terms.ts'
import { priceOf, ratesOf, terms, usage } from './testing/samples.ts'

const book = createPriceBook({ edited: async () => [] })
const AT = new Date('2026-11-20T00:00:00Z')

const amountOf = (price: ModelPrice, asked: CallTerms): bigint => {
  const bound = boundOf(price, asked)
  if (bound.kind !== 'bound') throw new Error(`No bound: ${bound.kind}`)
  return bound.amount
}

const arbitraryRate = fc.bigInt({ min: 0n, max: 200_000_000_000n })
const arbitraryRates = fc.record({
  ...{ input: arbitraryRate, cacheWrite5m: arbitraryRate, cacheWrite1h: arbitraryRate },
  ...{ cacheRead: arbitraryRate, output: arbitraryRate },
})
/** Real ones, and ones that no provider would think of: reads dearer than writes, long prompts cheaper than short. */
const arbitraryPrice: fc.Arbitrary<ModelPrice> = fc.oneof(
  fc.constantFrom(
    ...book.list(AT).map(({ price }) => ({ ...price, webSearchPer1000: price.webSearchPer1000 ?? 1n })),
  ),
  fc
    .record({
      rates: arbitraryRates,
      longPrompt: fc.option(fc.record({ aboveTokens: fc.nat(300_000), rates: arbitraryRates }), {
        nil: null,
      }),
      webSearchPer1000: arbitraryRate,
      model: fc.constantFrom('claude-opus-5-5', 'claude-haiku-4-5', 'claude-sample-1'),
    })
    .map((price) => priceOf('0/0/0/0/0', price)),
)

const size = fc.oneof(fc.nat(300), fc.nat(200_000), fc.nat(2_000_000))

/** What a provider may serve to such a request: no more than it asks for, at any terms that it may be given. */
interface Call {
  price: ModelPrice
  asked: CallTerms
  used: AiUsage
  served: ServedTerms
}

const arbitraryCall: fc.Arbitrary<Call> = fc
  .record({
    price: arbitraryPrice,
    bytes: size,
    maxTokens: fc.nat(200_000),
    choices: fc.integer({ min: 1, max: 4 }),
    cacheTtl: fc.constantFrom('none' as const, '5m' as const, '1h' as const),
    webSearchMaxUses: fc.nat(20),
    speed: fc.constantFrom(null, 'fast'),
    region: fc.constantFrom(null, 'us', 'global'),
    isStandard: fc.boolean(),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
    isFull: fc.boolean(),
  })
  .map(({ price, isStandard, shares, isFull, ...limits }) => {
    const isAnthropic = price.provider === 'anthropic'
    const speed = isAnthropic ? limits.speed : null
    const region = isAnthropic ? limits.region : null
    const asked = terms({ ...limits, speed, region })
    const [all = 0, w5 = 0, w1 = 0, read = 0, output = 0, searches = 0] = isFull
      ? shares.map(() => 1)
      : shares
    const prompt = Math.floor(asked.bytes * all)
    const cacheWrite5m =
      asked.cacheTtl === 'none' ? 0 : Math.floor(prompt * w5 * (asked.cacheTtl === '5m' ? 1 : 0.5))
    const cacheWrite1h = asked.cacheTtl === '1h' ? Math.floor((prompt - cacheWrite5m) * w1) : 0
    const cacheRead = Math.floor((prompt - cacheWrite5m - cacheWrite1h) * (isFull ? 0 : read))
    const used = usage({
      ...{ cacheWrite5m, cacheWrite1h, cacheRead },
      input: prompt - cacheWrite5m - cacheWrite1h - cacheRead,
      output: Math.floor(limits.maxTokens * limits.choices * output),
      webSearches: Math.floor(limits.webSearchMaxUses * searches),
    })
    const served = isStandard
      ? { tier: 'standard', speed: 'standard', region: region ?? (isAnthropic ? 'us' : null) }
      : { tier: null, speed, region: region ?? (isAnthropic ? 'us' : null) }
    return { price, asked, used, served }
  })

describe('for any call', () => {
  it('the cost is never above the bound', () => {
    fc.assert(
      fc.property(arbitraryCall, ({ price, asked, used, served }) => {
        expect(promptTokens(used)).toBeLessThanOrEqual(asked.bytes)
        expect(costOf(price, used, served)).toBeLessThanOrEqual(amountOf(price, asked))
      }),
      { numRuns: 3_000 },
    )
  })

  it('more of anything costs no less to hold', () => {
    const more = fc.record({ bytes: fc.nat(100_000), maxTokens: fc.nat(10_000), webSearchMaxUses: fc.nat(5) })
    fc.assert(
      fc.property(arbitraryCall, more, ({ price, asked }, { bytes, maxTokens, webSearchMaxUses }) => {
        const greater = {
          ...asked,
          bytes: asked.bytes + bytes,
          maxTokens: (asked.maxTokens ?? 0) + maxTokens,
          webSearchMaxUses: (asked.webSearchMaxUses ?? 0) + webSearchMaxUses,
        }
        expect(amountOf(price, greater)).toBeGreaterThanOrEqual(amountOf(price, asked))
      }),
    )
  })

  it('what is clamped fits into the amount, and one token more would not', () => {
    const shares = fc.integer({ min: 0, max: 120 })
    fc.assert(
      fc.property(arbitraryCall, shares, ({ price, asked }, percent) => {
        const amount = (amountOf(price, asked) * BigInt(percent)) / 100n
        const maxTokens = affordableMaxTokens(price, asked, amount)
        const isAffordable = (tokens: number) => amountOf(price, { ...asked, maxTokens: tokens }) <= amount
        if (maxTokens > 0) expect(isAffordable(maxTokens)).toBe(true)
        expect(maxTokens).toBeLessThanOrEqual(asked.maxTokens ?? 0)
        if (maxTokens < (asked.maxTokens ?? 0)) expect(isAffordable(maxTokens + 1)).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it('the least worth granting buys as many tokens', () => {
    fc.assert(
      fc.property(arbitraryCall, fc.integer({ min: 1, max: 2_000 }), ({ price, asked }, leastTokens) => {
        const least = leastOf(price, asked, leastTokens)
        if (least === null) throw new Error('It has a bound.')
        expect(least).toBeLessThanOrEqual(amountOf(price, asked))
        const wanted = Math.min(leastTokens, asked.maxTokens ?? 0)
        expect(affordableMaxTokens(price, asked, least)).toBeGreaterThanOrEqual(wanted)
      }),
    )
  })
})

describe('by hand', () => {
  const haiku = priceOf('1/1.25/2/0.10/5', { model: 'claude-haiku-4-5' })

  it.each([
    ['none', '0.15'],
    ['5m', '0.175'],
    ['1h', '0.25'],
  ] as const)('takes the rate of what may be written to the cache (%s)', (cacheTtl, usd) => {
    // 100,000 bytes at $1, $1.25 or $2 a million, and 10,000 tokens at $5.
    expect(amountOf(haiku, terms({ bytes: 100_000, maxTokens: 10_000, cacheTtl }))).toBe(parseUsd(usd))
  })

  it('holds about $1.40 for a coding agent that says hi to Opus 5', () => {
    const opus = priceOf('5/6.25/10/0.50/25', { model: 'claude-opus-5' })
    const agent = terms({ bytes: 115_000, maxTokens: 32_000, cacheTtl: '5m', hasTools: true })
    // (115,000 + 1,024) × $6.25 + 32,000 × $25 = 0.72515 + 0.8
    expect(amountOf(opus, agent)).toBe(parseUsd('1.52515'))
  })

  it('adds searches with what they bring, and says that no request limits that', () => {
    const bound = boundOf(haiku, terms({ webSearchMaxUses: 5 }))
    // 5 × $0.01, and 5 × 10,000 tokens at $1.
    expect(bound).toEqual({ kind: 'bound', amount: parseUsd('0.10'), isTokenBounded: false })
    expect(boundOf(haiku, terms())).toEqual({ kind: 'bound', amount: 0n, isTokenBounded: true })
    // Without a limit: 10 of them.
    expect(amountOf(haiku, terms({ webSearchMaxUses: null }))).toBe(parseUsd('0.20'))
  })

  it('takes the rates of long prompts as soon as the bytes allow one', () => {
    const longPrompt = { aboveTokens: 100_000, rates: ratesOf('0.50/0.625/1/0.05/2.50') }
    const small = priceOf('0.10/0.125/0.20/0.01/0.50', { longPrompt })
    expect(amountOf(small, terms({ bytes: 100_000, maxTokens: 1_000 }))).toBe(parseUsd('0.0105'))
    expect(amountOf(small, terms({ bytes: 100_001, maxTokens: 1_000 }))).toBe(parseUsd('0.0525005'))
  })

  it('counts the speed and the region asked for, and the region of the workspace where none is', () => {
    const opus = priceOf('4/5/8/0.20/20', { model: 'claude-opus-5-5' })
    const asked = { maxTokens: 1_000 }
    expect(amountOf(opus, terms({ ...asked, speed: 'fast' }))).toBe(parseUsd('0.04'))
    expect(amountOf(opus, terms({ ...asked, region: 'us' }))).toBe(parseUsd('0.022'))
    expect(amountOf(opus, terms({ ...asked, region: null }))).toBe(parseUsd('0.022'))
    expect(amountOf(haiku, terms({ ...asked, region: null }))).toBe(parseUsd('0.005'))
  })

  it('never counts on a discount that may not be given', () => {
    const sol = priceOf('2/2.5/2.5/0.2/10', { provider: 'openai', model: 'gpt-6-sol' })
    expect(amountOf(sol, terms({ maxTokens: 1_000, tier: 'flex' }))).toBe(parseUsd('0.01'))
  })
})

describe('what has no bound yet', () => {
  const price = priceOf('1/1.25/2/0.10/5')

  it('must be counted where bytes say nothing, and has one then', () => {
    const asked = terms({ bytes: 500, opaque: ['image'], maxTokens: 100 })
    expect(boundOf(price, asked)).toEqual({ kind: 'count', opaque: ['image'] })
    expect(affordableMaxTokens(price, asked, 1_000_000_000n)).toBe(0)
    expect(leastOf(price, asked, 10)).toBeNull()
    // 5,000 and 2 % and 1,024 tokens at $1, and 100 at $5.
    const amount = parseUsd('0.006624')
    expect(boundFromTokens(price, asked, 5_000)).toEqual({ kind: 'bound', amount, isTokenBounded: true })
  })

  it('adds images by URL to bytes and to counts alike', () => {
    const asked = terms({ bytes: 500, imagesByUrl: 2, maxTokens: 100 })
    // 500 bytes and 2 × 8,192 tokens at $1, and 100 at $5.
    expect(amountOf(price, asked)).toBe(parseUsd('0.017384'))
    const counted = { ...asked, opaque: ['document'] as const }
    expect(boundOf(price, counted)).toEqual({ kind: 'count', opaque: ['document'] })
    expect(boundFromTokens(price, counted, 5_000)).toMatchObject({ amount: parseUsd('0.023008') })
  })

  it('needs a limit of output, its own or the model’s', () => {
    const asked = terms({ maxTokens: null })
    expect(boundOf(price, asked)).toEqual({ kind: 'unlimited' })
    expect(amountOf({ ...price, maxOutputTokens: 1_000 }, asked)).toBe(parseUsd('0.005'))
  })

  it.each([
    ['tier', { tier: 'hyper' }],
    ['speed', { speed: 'hyper' }],
    ['region', { region: 'mars' }],
  ])('is unknown with a %s that nobody here knows the price of', (term, asked) => {
    expect(boundOf(price, terms(asked))).toEqual({ kind: 'unknown', term })
  })

  it('is unknown where it may search and searches have no price', () => {
    const dear = { ...price, webSearchPer1000: null }
    expect(boundOf(dear, terms({ webSearchMaxUses: 1 }))).toEqual({ kind: 'unknown', term: 'web_search' })
  })
})
