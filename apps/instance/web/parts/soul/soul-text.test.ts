import { expect, test } from 'vitest'
import { soulText } from './soul-text.ts'

test.each([
  ['# Soul\n\nHello.\n', 'Hello.'],
  ['Hello.', 'Hello.'],
  ['# Hello\n', '# Hello'],
])('shows the soul %o as %o', (soul, expected) => {
  expect(soulText(soul)).toBe(expected)
})

test.each([null, '', ' \n'])('says that there is no soul for %o', (soul) => {
  expect(soulText(soul)).toContain('No soul yet')
})
