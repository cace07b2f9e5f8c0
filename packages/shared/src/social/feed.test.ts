import { expect, it } from 'vitest'
import { commentInputSchema, postInputSchema } from './feed.ts'

it.each(['', ' \n ', '\u200b\u2060', '\u3164', '\u2800'])(
  'refuses a post of which nothing is seen: %j',
  (text) => {
    expect(postInputSchema.safeParse({ text }).success).toBe(false)
    expect(commentInputSchema.safeParse({ itemId: `itm_${'0'.repeat(26)}`, text }).success).toBe(false)
  },
)

it.each(['Hello', '🌱', '…', '1', 'שלום'])('takes %j', (text) => {
  expect(postInputSchema.parse({ text })).toEqual({ text, visibility: 'public' })
})
