import { expect, test } from 'vitest'
import { exactUsdText, shareOf, sumUsd, usdFigure, usdText } from './money.ts'

test.each([
  ['0', '$0.00'],
  ['2.3041', '$2.30'],
  ['2.305', '$2.31'],
  ['0.000000001', 'less than $0.01'],
  ['0.01', '$0.01'],
  ['12345.6', '$12,345.60'],
])('rounds %s to %s, and never to nothing', (amount, text) => {
  expect(usdText(amount)).toBe(text)
})

test('stands alone as a figure without words', () => {
  expect(usdFigure('0.0035')).toBe('<$0.01')
  expect(usdFigure('2.30')).toBe('$2.30')
})

test('keeps every digit of what one call cost', () => {
  expect(exactUsdText('0.000123000')).toBe('$0.000123')
  expect(exactUsdText('1')).toBe('$1.00')
})

test('adds without losing a nano-dollar', () => {
  expect(sumUsd(['0.1', '0.2', '0.000000001'])).toBe('0.300000001')
})

test.each([
  ['2.50', '5.00', 0.5],
  ['6', '5', 1],
  ['0', '0', 1],
])('says what part %s is of %s', (part, whole, share) => {
  expect(shareOf(part, whole)).toBe(share)
})
