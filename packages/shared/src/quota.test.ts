import { expect, it } from 'vitest'
import { amountSchema } from './quota.ts'

it.each(['5', '2.50', ' 0.01 ', '10000'])('takes %j for an amount', (text) => {
  expect(amountSchema.parse(text)).toBe(text.trim())
})

it.each([
  ['much', 'Enter an amount in US dollars'],
  ['', 'Enter an amount in US dollars'],
  ['1.234', 'Enter an amount in US dollars'],
  ['-1', 'Enter an amount in US dollars'],
  ['0', 'above 0'],
  ['0.00', 'above 0'],
  ['10000.01', '10000 at most'],
])('says what is wrong with %j', (text, message) => {
  const { success, error } = amountSchema.safeParse(text)
  expect([success, error?.issues.map((issue) => issue.message)]).toEqual([
    false,
    [expect.stringContaining(message)],
  ])
})
