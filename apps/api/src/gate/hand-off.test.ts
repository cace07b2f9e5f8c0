import { expect, it } from 'vitest'
import { isRelativePath } from './hand-off.ts'

it.each(['/', '/notes?a=1?b=2', '/a//b', '/#x'])('goes back to %s', (path) => {
  expect(isRelativePath(path)).toBe(true)
})

it.each(['', '//evil', '/\\evil', '/a\\b', 'https://evil', 'evil', '/\n/evil', '/\t/evil'])(
  'refuses %j',
  (path) => {
    expect(isRelativePath(path)).toBe(false)
  },
)
