import { expect, test } from 'vitest'
import { fit } from './commands.ts'

test('finds what is called so before what is merely described so', () => {
  expect(fit('sett', 'Settings', 'theme wallpaper')).toBe(1)
  expect(fit('theme', 'Dark theme')).toBe(0.8)
  expect(fit('theme dark', 'Dark theme')).toBe(0.8)
  expect(fit('theme', 'Settings', 'open Theme, wallpaper')).toBe(0.4)
})

test('finds nothing by letters that merely come in this order', () => {
  expect(fit('sett', 'Files', 'sort, find, take out')).toBe(0)
  expect(fit('xyz', 'Settings', 'theme')).toBe(0)
})
