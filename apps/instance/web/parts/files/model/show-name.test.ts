import { expect, test } from 'vitest'
import { showName } from './show-name.ts'

test.each([
  ['report.txt', 'report.txt'],
  ['two\nlines\tand tab', 'two↵lines⇥and tab'],
  ['annexe\u202egpj.exe', 'annexe‹202E›gpj.exe'],
  ['naïve “quoted” 日本.md', 'naïve “quoted” 日本.md'],
  ['caf\uefe9', 'caf\ufffd'],
  ['line\u2028separator\u007f', 'line‹2028›separator‹007F›'],
])('shows %j as %j', (name, shown) => {
  expect(showName(name)).toBe(shown)
})
