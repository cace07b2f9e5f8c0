import { expect, it } from 'vitest'
import { displayNameSchema } from './display-name.ts'

it.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada  ', 'Ada'],
  ['Zoe\u0308', 'Zo\u00eb'],
  ['李小龍', '李小龍'],
  ['👩‍🚀', '👩‍🚀'],
  ['👍'.repeat(64), '👍'.repeat(64)],
])('accepts %s', (text, name) => {
  expect(displayNameSchema.parse(text)).toBe(name)
})

it.each([
  ['nothing', ''],
  ['blanks', '   '],
  ['only invisible characters', '\u200B\u2060'],
  ['65 characters', 'x'.repeat(65)],
  ['a line break', 'Ada\nLovelace'],
  ['an escape', 'Ada\u001B[31m'],
  ['a turned direction', 'Ada\u202Eevil'],
  ['a paragraph separator', 'Ada\u2029x'],
])('refuses %s', (_what, text) => {
  expect(displayNameSchema.safeParse(text).success).toBe(false)
})
