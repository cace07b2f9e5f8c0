import { expect, it } from 'vitest'
import { isRelativePath, returnPath } from './hand-off.ts'

it.each(['/', '/notes?a=1?b=2', '/a//b', '/#x'])('goes back to %s', (path) => {
  expect(isRelativePath(path)).toBe(true)
})

it.each(['', '//evil', '/\\evil', '/a\\b', 'https://evil', 'evil', '/\n/evil', '/\t/evil'])(
  'refuses %j',
  (path) => {
    expect(isRelativePath(path)).toBe(false)
  },
)

it.each([
  ['an ordinary address', '/notes?a=1', true],
  ['a long one', `/?${'q'.repeat(11_000)}`, true],
  ['one in another script', `/${encodeURIComponent('заметки').repeat(50)}`, true],
  ['one that is too long once it is encoded', `/${encodeURIComponent('заметки').repeat(150)}`, false],
  ['one that is too long', `/?${'q'.repeat(12_000)}`, false],
  ['one of another host', '//evil', false],
])('decides whether to keep %s', (_what, path, isKept) => {
  expect(returnPath(path)).toBe(isKept ? path : '/')
})
