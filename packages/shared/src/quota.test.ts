import { expect, test } from 'vitest'
import { amountSchema } from './quota.ts'

test.each(['', '-1', '1.234', '1e3', 'five', '0', '0.00', '10001'])('refuses %j as an amount', (text) => {
  expect(amountSchema.safeParse(text).success).toBe(false)
})

test.each([' 5 ', '2.50', '10000'])('takes %j', (text) => {
  expect(amountSchema.parse(text)).toBe(text.trim())
})
