import type { PriceView } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { foundPrices, whenOf } from './found.ts'

const rates = { input: '1', cacheWrite5m: '1', cacheWrite1h: '1', cacheRead: '1', output: '1' }
const price = (model: string, from: string, until: string | null = null): PriceView => ({
  ...{ provider: 'anthropic', model, rates, longPrompt: null, webSearchPer1000: null, maxOutputTokens: null },
  ...{ effectiveFrom: `${from}T00:00:00.000Z`, effectiveUntil: until && `${until}T00:00:00.000Z` },
  ...{ source: 'package', editedBy: null, note: null },
})

test('finds what has every word, newest of a model first', () => {
  const prices = [
    price('claude-b', '2026-01-01'),
    price('claude-a', '2025-01-01'),
    price('claude-a', '2026-01-01'),
  ]
  const found = foundPrices(prices, ' CLAUDE  anthropic ')
  expect(found.map((one) => `${one.model} ${one.effectiveFrom.slice(0, 4)}`)).toEqual([
    'claude-a 2026',
    'claude-a 2025',
    'claude-b 2026',
  ])
  expect(foundPrices(prices, 'claude file')).toEqual([])
})

test.each([
  ['2026-01-01', null, 'now'],
  ['2026-01-01', '2026-11-26', 'past'],
  ['2026-12-01', null, 'later'],
] as const)('from %s until %s applies: %s', (from, until, when) => {
  expect(whenOf(price('m', from, until), Date.parse('2026-11-26T00:00:00Z'))).toBe(when)
})
