import type { ModelPrice } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { createPrices } from './book.ts'
import { readPrices } from './file.ts'
import { createPriceBook } from './price-book.ts'
import { priceOf } from './testing/samples.ts'

const day = (text: string) => new Date(`${text}T00:00:00Z`)
const entry = (source: ModelPrice['source'], from: string, dollars: string): ModelPrice =>
  priceOf(`${dollars}/0/0/0/0`, { source, effectiveFrom: day(from) })

const dollarsAt = (prices: ModelPrice[], at: string) => {
  const price = createPrices(prices).priceOf('anthropic', 'claude-sample-1', day(at))
  return price && Number(price.rates.input / 1_000_000_000n)
}

describe('which price counts', () => {
  const builtIn = [entry('package', '2026-01-01', '1'), entry('file', '2026-02-01', '2')]

  it('is the newest that has begun', () => {
    const prices = [entry('package', '2026-01-01', '1'), entry('package', '2026-03-01', '3')]
    expect(
      ['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01'].map((at) => dollarsAt(prices, at)),
    ).toEqual([null, 1, 1, 3])
  })

  it('is the file’s before the package’s, from its beginning on', () => {
    const prices = [...builtIn, entry('package', '2026-04-01', '9')]
    expect(['2026-01-15', '2026-02-01', '2026-05-01'].map((at) => dollarsAt(prices, at))).toEqual([1, 2, 2])
  })

  it('is an administrator’s before all others, until a newer edit', () => {
    const edits = [entry('admin', '2026-03-01', '5'), entry('admin', '2026-06-01', '6')]
    const prices = [...builtIn, ...edits, entry('file', '2026-04-01', '9')]
    const days = ['2026-02-15', '2026-03-01', '2026-05-01', '2026-06-01']
    expect(days.map((at) => dollarsAt(prices, at))).toEqual([2, 5, 5, 6])
  })

  it('is listed from now on with its end, and what is hidden is not', () => {
    const edits = [entry('admin', '2026-03-01', '5'), entry('admin', '2026-06-01', '6')]
    const listed = createPrices([...builtIn, ...edits, entry('file', '2026-04-01', '9')]).list(
      day('2026-02-15'),
    )
    expect(
      listed.map(({ price, effectiveUntil }) => [
        price.source,
        price.rates.input / 1_000_000_000n,
        effectiveUntil,
      ]),
    ).toEqual([
      ['file', 2n, day('2026-03-01')],
      ['admin', 5n, day('2026-06-01')],
      ['admin', 6n, null],
    ])
  })
})

describe('which model it is', () => {
  const book = createPriceBook({ edited: async () => [] })
  const nameOf = (provider: 'anthropic' | 'openai', model: string) =>
    book.priceOf(provider, model, day('2026-11-20'))?.model ?? null

  it.each([
    ['anthropic', 'claude-haiku-4-5', 'claude-haiku-4-5'],
    ['anthropic', 'claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['anthropic', 'claude-sonnet-4-20250514', 'claude-sonnet-4'],
    ['openai', 'gpt-4o-2024-08-06', 'gpt-4o'],
    ['openai', 'gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['openai', 'gpt-5-codex', 'gpt-5-codex'],
  ] as const)('%s: %s is %s', (provider, model, expected) => {
    expect(nameOf(provider, model)).toBe(expected)
  })

  it.each([
    // By prefix, these would be older models.
    ['anthropic', 'claude-sonnet-5-6'],
    ['anthropic', 'claude-haiku-4-5-turbo'],
    ['anthropic', 'claude-haiku-4-50'],
    ['anthropic', 'claude-haiku-4-5-2025-10-01'],
    ['anthropic', 'claude-haiku-4-5-20251399'],
    ['anthropic', 'claude-haiku-4-5-20251001-20251001'],
    ['anthropic', 'claude-haiku'],
    ['anthropic', 'gpt-4o'],
    ['anthropic', ''],
    ['openai', 'gpt-5-nano-plus'],
    ['openai', 'gpt-4o-20240806'],
    ['openai', 'claude-haiku-4-5'],
    // Has rates that no call of text shows.
    ['openai', 'gpt-4o-audio-preview'],
    ['openai', 'gpt-4o-mini-search-preview'],
    // Lacks the rates of its cache.
    ['anthropic', 'claude-2'],
  ] as const)('%s: %s is unknown', (provider, model) => {
    expect(nameOf(provider, model)).toBeNull()
  })

  it('is the dated one itself where that has a price of its own', () => {
    const dated = priceOf('7/7/7/7/7', { model: 'claude-sample-1-20260101' })
    const prices = createPrices([priceOf('1/1/1/1/1'), dated])
    expect(prices.priceOf('anthropic', 'claude-sample-1-20260101', day('2026-05-01'))).toBe(dated)
  })
})

describe('a book in use', () => {
  it('takes edits in when told to look, and keeps what it has when it cannot', async () => {
    let edits: ModelPrice[] | Error = []
    const book = createPriceBook({
      edited: async () => {
        if (edits instanceof Error) throw edits
        return edits
      },
    })
    const at = day('2026-11-20')
    const inputOf = () => book.priceOf('anthropic', 'claude-haiku-4-5', at)?.rates.input
    expect(inputOf()).toBe(1_000_000_000n)
    edits = [priceOf('3/0/0/0/0', { model: 'claude-haiku-4-5', source: 'admin' })]
    await book.reload()
    expect(inputOf()).toBe(3_000_000_000n)
    edits = new Error('The database is away.')
    await expect(book.reload()).rejects.toThrow('away')
    expect(inputOf()).toBe(3_000_000_000n)
  })

  it('never goes back to an older answer that came late', async () => {
    const answers: ((prices: ModelPrice[]) => void)[] = []
    const book = createPriceBook({ edited: () => new Promise((resolve) => void answers.push(resolve)) })
    const looks = [book.reload(), book.reload()]
    const [first, second] = answers
    second?.([priceOf('2/0/0/0/0', { source: 'admin' })])
    await looks[1]
    first?.([priceOf('1/0/0/0/0', { source: 'admin' })])
    await looks[0]
    expect(book.priceOf('anthropic', 'claude-sample-1', day('2026-11-20'))?.rates.input).toBe(2_000_000_000n)
  })
})

describe('the file', () => {
  const rates = { input: '1', cacheWrite5m: '1', cacheWrite1h: '1', cacheRead: '1', output: '1' }
  const price = {
    ...{
      provider: 'anthropic',
      models: ['claude-sample-1'],
      effective_from: '2026-01-01',
      source: 'here',
      rates,
    },
    ...{ webSearchPer1000: null, maxOutputTokens: null },
  }

  it('must have a source and every rate', () => {
    const read = (one: object) => () => readPrices({ prices: [one], maxOutputTokens: {} })
    expect(read(price)().prices).toHaveLength(1)
    expect(read({ ...price, source: '' })).toThrow()
    expect(read({ ...price, rates: { ...rates, cacheRead: undefined } })).toThrow()
    expect(read({ ...price, rates: { ...rates, input: '-1' } })).toThrow()
  })

  it('has one price of a model and day', () => {
    expect(() => readPrices({ prices: [price, price], maxOutputTokens: {} })).toThrow('Two prices')
  })
})
