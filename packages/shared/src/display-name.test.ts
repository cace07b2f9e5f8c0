import { expect, it } from 'vitest'
import { displayNameSchema } from './display-name.ts'

it.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada  ', 'Ada'],
  ['Zoe\u0308', 'Zo\u00eb'],
  ['李小龍', '李小龍'],
  ['👩‍🚀', '👩‍🚀'],
  ['ཧྐྵྨླྺྼྻྂ', 'ཧྐྵྨླྺྼྻྂ'],
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
  ['letters that are blank', '\u3164\uffa0'],
  ['a sign that is blank', '\u2800'],
  ['accents heaped on one letter', `A${'\u0300\u0323'.repeat(7)}`],
])('refuses %s', (_what, text) => {
  expect(displayNameSchema.safeParse(text).success).toBe(false)
})
