import { expect, test } from 'vitest'
import { createTabKey } from './tab-key.ts'

test('asks once for each line, and waits for the answer', () => {
  const tab = createTabKey()
  expect(tab.press('ca')).toBe('ask')
  expect(tab.press('ca')).toBe('wait')
  tab.answered('ca', true)
  expect(tab.press('cat ')).toBe('ask')
})

test('leaves an empty line, and one that nothing completes', () => {
  const tab = createTabKey()
  expect(tab.press('')).toBe('leave')
  expect(tab.press('  ')).toBe('leave')
  expect(tab.press('zzz')).toBe('ask')
  tab.answered('zzz', false)
  expect(tab.press('zzz')).toBe('leave')
  expect(tab.press('zz')).toBe('ask')
})

test('leaves after Escape, until another key is pressed', () => {
  const tab = createTabKey()
  tab.escape()
  expect(tab.press('ca')).toBe('leave')
  tab.other()
  expect(tab.press('ca')).toBe('ask')
})

test('asks again when the connection broke before the answer came', () => {
  const tab = createTabKey()
  tab.press('ca')
  tab.forget()
  expect(tab.press('ca')).toBe('ask')
})
