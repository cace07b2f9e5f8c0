import { expect, it } from 'vitest'
import { pageOf, readCursor } from './cursor.ts'

const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const AT = Date.UTC(2026, 0, 1)

it('reads what a page gave', () => {
  const { nextCursor } = pageOf([1, 2], 1, () => ({ at: new Date(AT), id: 'usr_1' }))
  expect(readCursor(nextCursor ?? undefined)).toEqual({ at: new Date(AT), id: 'usr_1' })
  expect(readCursor(undefined)).toBeNull()
})

it.each([
  ['no JSON', 'x'],
  ['another shape', written({ at: AT })],
  ['a text that the database cannot hold', written([AT, 'a\0'])],
  ['half of a surrogate pair', Buffer.from(`[${AT},"\\ud800"]`).toString('base64url')],
  ['a time that the database cannot read', written([Date.UTC(10_000, 0, 1), 'usr_1'])],
  ['a time before all others', written([-1, 'usr_1'])],
])('refuses %s', (_, cursor) => {
  expect(() => readCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
