import { expect, it } from 'vitest'
import { isStorable } from './storable.ts'

it.each([undefined, null, 1, '', 'Zoë 🦊', { note: 'a\nb', list: [{ name: 'x' }] }])('takes %j', (value) => {
  expect(isStorable(value)).toBe(true)
})

it.each(['a\0b', 'half \ud83e of a fox', { filter: { search: '\0' } }, [['x', { y: ['\udd8a'] }]]])(
  'refuses %j',
  (value) => {
    expect(isStorable(value)).toBe(false)
  },
)

it('looks through whatever depth a request can have', () => {
  const depth = 60_000
  expect(isStorable(JSON.parse(`${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}`))).toBe(false)
})
