import { expect, test } from 'vitest'
import { shellKeyOf } from './keys.ts'

const press = (values: Partial<Parameters<typeof shellKeyOf>[0]>, keepsKeys = false) =>
  shellKeyOf(
    { key: '', code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...values },
    keepsKeys,
  )

test('calls the palette by ⌘K and Ctrl+K', () => {
  expect(press({ key: 'k', metaKey: true })).toBe('palette')
  expect(press({ key: 'k', ctrlKey: true })).toBe('palette')
  expect(press({ key: 'k' })).toBeNull()
  expect(press({ key: 'k', ctrlKey: true, altKey: true })).toBeNull()
})

test('leaves Ctrl+K to a terminal, where it means something, and takes it with Shift', () => {
  expect(press({ key: 'k', ctrlKey: true }, true)).toBeNull()
  expect(press({ key: 'K', ctrlKey: true, shiftKey: true }, true)).toBe('palette')
  expect(press({ key: 'k', metaKey: true }, true)).toBe('palette')
})

test('goes through the windows by Ctrl and the key left of 1, whatever it is called', () => {
  expect(press({ key: '^', code: 'Backquote', ctrlKey: true }, true)).toBe('next')
  expect(press({ key: '~', code: 'Backquote', ctrlKey: true, shiftKey: true })).toBe('previous')
})
