/** What is taken of the package's data, tried on entries of every shape. */
import type { ModelInfo } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import { pricesOf } from './package.ts'
import { ratesOf } from './testing/samples.ts'

const FULL = {
  input_mtok: 2,
  cache_write_mtok: 2.5,
  cache_write_1h_mtok: 4,
  cache_read_mtok: 0.2,
  output_mtok: 10,
}
const entry = (prices: ModelInfo['prices'], more: Partial<ModelInfo> = {}): ModelInfo => ({
  ...{ id: 'sample-1', match: { starts_with: 'sample-1' }, prices },
  ...more,
})
const tiered = (base: number, price: number, start = 200_000) => ({ base, tiers: [{ start, price }] })

describe('an entry', () => {
  it('gives its rates, and the length of its context as the most that an answer can have', () => {
    const [price, ...others] = pricesOf('anthropic', entry(FULL, { context_window: 1_000 }))
    expect(others).toEqual([])
    expect(price).toEqual({
      ...{ provider: 'anthropic', model: 'sample-1', effectiveFrom: new Date(0), source: 'package' },
      ...{
        rates: ratesOf('2/2.5/4/0.2/10'),
        longPrompt: null,
        webSearchPer1000: null,
        maxOutputTokens: 1_000,
      },
    })
  })

  it('with tiers has the rates of long prompts, those without a tier as they are', () => {
    const [price] = pricesOf(
      'anthropic',
      entry({ ...FULL, input_mtok: tiered(2, 4), output_mtok: tiered(10, 15) }),
    )
    expect(price?.rates).toEqual(ratesOf('2/2.5/4/0.2/10'))
    expect(price?.longPrompt).toEqual({ aboveTokens: 200_000, rates: ratesOf('4/2.5/4/0.2/15') })
  })

  it('with several tiers has the dearest from the lowest limit on', () => {
    const tiers = [
      { start: 300_000, price: 6 },
      { start: 100_000, price: 4 },
    ]
    const [price] = pricesOf('anthropic', entry({ ...FULL, input_mtok: { base: 2, tiers } }))
    expect(price?.longPrompt).toEqual({ aboveTokens: 100_000, rates: ratesOf('6/2.5/4/0.2/10') })
  })

  it('with start dates gives a price for each, and none for times of day', () => {
    const later = { ...FULL, input_mtok: 1 }
    const prices = pricesOf(
      'anthropic',
      entry([
        { prices: FULL },
        { constraint: { type: 'start_date', start_date: '2026-03-13' }, prices: later },
        { constraint: { type: 'time_of_date', start_time: '01:00', end_time: '02:00' }, prices: later },
      ]),
    )
    expect(prices.map(({ effectiveFrom }) => effectiveFrom.toISOString().slice(0, 10))).toEqual([
      '1970-01-01',
      '2026-03-13',
    ])
  })

  it('stands for the names that its match spells out, and a name for its dated ones', () => {
    const match = {
      or: [{ equals: 'other' }, { equals: 'other-20260101' }, { starts_with: 'prefix' }, { regex: '^any' }],
    }
    const names = pricesOf('anthropic', entry(FULL, { match })).map(({ model }) => model)
    expect(names).toEqual(['sample-1', 'other'])
  })
})

describe('a model is unknown', () => {
  it.each(['cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok', 'output_mtok', 'input_mtok'])(
    'of Anthropic without %s',
    (key) => {
      expect(pricesOf('anthropic', entry({ ...FULL, [key]: undefined }))).toEqual([])
    },
  )

  it.each([
    ['input_audio_mtok', 'sample-1'],
    ['requests_kcount', 'sample-1'],
    ['web_searches_kcount', 'sample-realtime'],
  ])('with %s as %s', (unit, id) => {
    expect(pricesOf('openai', entry({ ...FULL, [unit]: 1 }, { id }))).toEqual([])
  })

  it('with a price that cannot be charged exactly', () => {
    expect(pricesOf('openai', entry({ ...FULL, input_mtok: 1e-10 }))).toEqual([])
    expect(pricesOf('openai', entry({ ...FULL, input_mtok: -1 }))).toEqual([])
  })
})

it('takes the full rate of input where OpenAI has no rate of the cache', () => {
  const [price] = pricesOf('openai', entry({ input_mtok: 2, output_mtok: 8 }))
  expect(price?.rates).toEqual(ratesOf('2/2/2/2/8'))
})
