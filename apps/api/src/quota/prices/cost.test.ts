/** Every expected amount is worked out by hand from the providers' price lists. */
import { parseUsd } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { costOf, costOfParts, splitCacheWrites } from './cost.ts'
import { createPriceBook } from './price-book.ts'
import { priceOf, ratesOf, STANDARD, usage } from './testing/samples.ts'

const book = createPriceBook({ edited: async () => [] })
const AT = new Date('2026-11-20T00:00:00Z')

function priced(model: string, provider: 'anthropic' | 'openai' = 'anthropic') {
  const price = book.priceOf(provider, model, AT)
  if (!price) throw new Error(`${model} has no price.`)
  return price
}

describe('the price list', () => {
  it.each([
    ['claude-haiku-4-5', '1/1.25/2/0.10/5'],
    ['claude-opus-5', '5/6.25/10/0.50/25'],
    ['claude-opus-5-5', '4/5/8/0.20/20'],
    ['claude-sonnet-4-5', '3/3.75/6/0.30/15'],
    ['claude-sonnet-4-6', '3/3.75/6/0.30/15'],
    ['claude-opus-4-5', '5/6.25/10/0.50/25'],
    ['claude-opus-4-6', '5/6.25/10/0.50/25'],
    ['claude-sonnet-5-5', '2/2.5/4/0.10/10'],
    ['claude-haiku-5-5', '0.10/0.125/0.20/0.01/0.50'],
  ])('has %s at %s', (model, list) => {
    expect(priced(model)).toMatchObject({ rates: ratesOf(list), webSearchPer1000: parseUsd('10') })
  })

  it('has the dearer rates of Haiku 5.5 for prompts above 100,000 tokens', () => {
    const longPrompt = { aboveTokens: 100_000, rates: ratesOf('0.50/0.625/1/0.05/2.50') }
    expect(priced('claude-haiku-5-5').longPrompt).toEqual(longPrompt)
    expect(priced('claude-opus-5-5').longPrompt).toBeNull()
  })

  it('has a price for the demonstration model in both formats', () => {
    expect(costOf(priced('demonstration-1'), usage({ output: 200 }), STANDARD)).toBe(parseUsd('0.01'))
    expect(costOf(priced('demonstration-1', 'openai'), usage({ output: 200 }), STANDARD)).toBe(
      parseUsd('0.01'),
    )
  })
})

describe('the cost of a call', () => {
  it('adds every kind of token at its own rate', () => {
    const counts = { input: 1_000, cacheWrite5m: 2_000, cacheWrite1h: 3_000, cacheRead: 4_000, output: 500 }
    // 0.001 + 0.0025 + 0.006 + 0.0004 + 0.0025
    expect(costOf(priced('claude-haiku-4-5'), usage(counts), STANDARD)).toBe(parseUsd('0.0124'))
    // 0.004 + 0.01 + 0.024 + 0.0008 + 0.01
    expect(costOf(priced('claude-opus-5-5'), usage(counts), STANDARD)).toBe(parseUsd('0.0488'))
  })

  it('charges searches by the piece', () => {
    expect(costOf(priced('claude-haiku-4-5'), usage({ webSearches: 3 }), STANDARD)).toBe(parseUsd('0.03'))
  })

  it('charges the whole call at the rates of long prompts above the limit, and not at it', () => {
    const haiku = priced('claude-haiku-5-5')
    const at = usage({ input: 40_000, cacheRead: 60_000, output: 1_000 })
    expect(costOf(haiku, at, STANDARD)).toBe(parseUsd('0.0051'))
    const above = usage({ input: 40_001, cacheRead: 60_000, output: 1_000 })
    // 40,001 × $0.50 + 60,000 × $0.05 + 1,000 × $2.50
    expect(costOf(haiku, above, STANDARD)).toBe(parseUsd('0.0255005'))
  })

  it('multiplies tokens, and not searches, by the factors of the batch, the speed and the region as served', () => {
    const opus = priced('claude-opus-5-5')
    const counts = usage({ input: 1_000, output: 1_000, webSearches: 1 })
    const served = (terms: object) => costOf(opus, counts, { ...STANDARD, ...terms })
    expect(served({})).toBe(parseUsd('0.034'))
    expect(served({ tier: 'batch' })).toBe(parseUsd('0.022'))
    expect(served({ speed: 'fast' })).toBe(parseUsd('0.058'))
    expect(served({ region: 'us' })).toBe(parseUsd('0.0364'))
    expect(served({ speed: 'fast', region: 'us' })).toBe(parseUsd('0.0628'))
    expect(served({ tier: 'standard', speed: 'standard', region: 'global' })).toBe(parseUsd('0.034'))
  })

  it('takes the dearest known factor for a term that nobody here knows', () => {
    const counts = usage({ output: 1_000 })
    expect(costOf(priced('claude-opus-5-5'), counts, { ...STANDARD, region: 'eu' })).toBe(parseUsd('0.022'))
    expect(costOf(priced('claude-haiku-4-5'), counts, { ...STANDARD, speed: 'fast' })).toBe(parseUsd('0.03'))
  })

  it('has the tiers of the second format', () => {
    const counts = usage({ output: 1_000 })
    const sol = (tier: string) => costOf(priced('gpt-6-sol', 'openai'), counts, { ...STANDARD, tier })
    expect(['default', 'flex', 'priority'].map(sol)).toEqual(['0.01', '0.005', '0.02'].map(parseUsd))
  })

  it('rounds up once, at the end', () => {
    const tiny = priceOf('0.000001/0/0/0/0')
    // 1 token at 1,000 nano-dollars a million: a thousandth of one.
    expect(costOf(tiny, usage({ input: 1 }), STANDARD)).toBe(1n)
    expect(costOf(tiny, usage({ input: 1_000 }), STANDARD)).toBe(1n)
    expect(costOf(tiny, usage({ input: 1_001 }), STANDARD)).toBe(2n)
    const half = { price: tiny, usage: usage({ input: 500 }) }
    expect(costOfParts([half, half], STANDARD)).toBe(1n)
    expect(costOf(tiny, usage({}), STANDARD)).toBe(0n)
  })

  it('prices each model that worked on a call by itself', () => {
    const parts = [
      { price: priced('claude-opus-5-5'), usage: usage({ output: 1_000 }) },
      { price: priced('claude-haiku-4-5'), usage: usage({ input: 1_000 }) },
    ]
    expect(costOfParts(parts, STANDARD)).toBe(parseUsd('0.021'))
  })

  it('never gives away a search that the model has no price for', () => {
    expect(
      costOf(priceOf('1/1/1/1/1', { webSearchPer1000: null }), usage({ webSearches: 1 }), STANDARD),
    ).toBe(parseUsd('0.025'))
  })
})

it('takes what was written to the cache beyond the known split for the dearest life asked for', () => {
  const known = { ephemeral5m: 100, ephemeral1h: 50 }
  expect(splitCacheWrites(400, known, '1h')).toEqual({ cacheWrite5m: 100, cacheWrite1h: 300 })
  expect(splitCacheWrites(400, known, '5m')).toEqual({ cacheWrite5m: 350, cacheWrite1h: 50 })
  expect(splitCacheWrites(100, known, '5m')).toEqual({ cacheWrite5m: 100, cacheWrite1h: 50 })
})
