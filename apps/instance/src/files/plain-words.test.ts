import { expect, test } from 'vitest'
import { inPlainWords } from './plain-words.ts'

const fault = (code: string) => Object.assign(new Error(code), { code })

test('a full disk and a full allowance are told apart, whatever was written', () => {
  expect(inPlainWords(fault('ENOSPC'), 'notes.md')).toMatch(/^Your disk is full\./)
  expect(inPlainWords(fault('EDQUOT'), 'notes.md')).toMatch(/^Your home has used all the space/)
})

test('other faults name the file', () => {
  expect(inPlainWords(fault('ENOENT'), 'a.txt')).toBe('a.txt: no such file or folder')
  expect(inPlainWords(fault('EWEIRD'))).toBe('something went wrong (EWEIRD)')
})
