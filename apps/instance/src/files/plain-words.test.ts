import { expect, test } from 'vitest'
import { inPlainWords } from './plain-words.ts'

const fault = (code: string) => Object.assign(new Error(code), { code })

test('tells a full disk from a full quota, whatever was written', () => {
  expect(inPlainWords(fault('ENOSPC'), 'notes.md')).toMatch(/^Your disk is full\./)
  expect(inPlainWords(fault('EDQUOT'), 'notes.md')).toMatch(/^Your home has used all the space/)
})

test('names the file in other errors', () => {
  expect(inPlainWords(fault('ENOENT'), 'a.txt')).toBe('a.txt: no such file or folder')
  expect(inPlainWords(fault('EWEIRD'))).toBe('something went wrong (EWEIRD)')
})
