import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { snapshotChanges, snapshotOf, sourceDifferences } from './changes.ts'
import { packagePrices } from './package.ts'
import { priceOf } from './testing/samples.ts'

it('has looked at every price of the installed package: npm run prices -- changes --write', () => {
  const snapshot = JSON.parse(readFileSync(new URL('package-prices.json', import.meta.url), 'utf8'))
  expect(snapshotChanges(snapshot, snapshotOf(packagePrices()))).toEqual([])
})

it('says what is new, gone and changed', () => {
  const before = snapshotOf([priceOf('1/1/1/1/1', { model: 'a' }), priceOf('2/2/2/2/2', { model: 'b' })])
  const after = snapshotOf([priceOf('1/1/1/1/1.5', { model: 'a' }), priceOf('3/3/3/3/3', { model: 'c' })])
  expect(snapshotChanges(before, after)).toEqual([
    'changed: anthropic a from 2026-01-01: 1.00/1.00/1.00/1.00/1.00, searches 10.00 → 1.00/1.00/1.00/1.00/1.50, searches 10.00',
    'gone: anthropic b from 2026-01-01: 2.00/2.00/2.00/2.00/2.00, searches 10.00',
    'new: anthropic c from 2026-01-01: 3.00/3.00/3.00/3.00/3.00, searches 10.00',
  ])
})

it('says what the file and administrators stand in front of', () => {
  const prices = [
    priceOf('1/1/1/1/1', { model: 'a', source: 'package' }),
    priceOf('1/1/1/1/1', { model: 'a', source: 'file' }),
    priceOf('2/2/2/2/2', { model: 'b', source: 'package', webSearchPer1000: null }),
    priceOf('4/4/4/4/4', { model: 'b', source: 'admin', webSearchPer1000: null }),
    priceOf('3/3/3/3/3', { model: 'c', source: 'file', webSearchPer1000: null, maxOutputTokens: 5 }),
  ]
  expect(sourceDifferences(prices, new Date('2026-05-01'))).toEqual([
    'file repeats package: anthropic a from 2026-01-01',
    'admin overrides package: anthropic b from 2026-01-01: 2.00/2.00/2.00/2.00/2.00 → 4.00/4.00/4.00/4.00/4.00',
    'file alone: anthropic c from 2026-01-01: 3.00/3.00/3.00/3.00/3.00, answers 5',
  ])
})
