import { expect, test } from 'vitest'
import { edited, editOf, MOST_EDITS } from './edits.ts'
import type { Kept } from './messages.ts'

const MESSAGE: Kept = {
  ...{ id: 'a', isMine: false, kind: 'chat', words: 'Hello', at: 1, state: 'received' },
  ...{ eventId: '$a', roomId: '!r', answers: null, cost: 0 },
}
const change = (
  before: Kept | undefined,
  words: string | undefined,
  at: number,
  more: Partial<Pick<Kept, 'isMine' | 'roomId'>> = {},
) =>
  edited(before, {
    of: '$a',
    isMine: false,
    roomId: '!r',
    at,
    ...more,
    ...(words !== undefined && { words }),
  })
const relation = { 'm.relates_to': { rel_type: 'm.replace', event_id: '$a' } }

test('reads what an edit says in place of what', () => {
  expect(editOf({ body: '* Hi', 'm.new_content': { body: 'Hi' }, ...relation })).toEqual({
    of: '$a',
    words: 'Hi',
  })
  expect(editOf({ body: '* Hi', ...relation })).toEqual({ of: '$a' })
  expect(editOf({ body: 'Hi' })).toBe(null)
  expect(editOf({ body: 'Hi', 'm.relates_to': { rel_type: 'm.thread', event_id: '$a' } })).toBe(null)
  expect(editOf(null)).toBe(null)
})

test('changes nothing for an edit that was seen before, or is older than the last', () => {
  const once = change(MESSAGE, 'Hi', 5)
  expect(once).toMatchObject({ words: 'Hi', at: 1, edits: 1 })
  if (!once) throw new Error('It was not changed.')
  expect(change(once, 'Hi', 5)).toBe(null)
  expect(change(once, 'Older', 4)).toBe(null)
  expect(change(once, undefined, 6)).toBe(null)
})

test('takes so many edits of a message and no more', () => {
  let message: Kept | null = MESSAGE
  for (let at = 2; at < MOST_EDITS + 2; at++) message = message && change(message, `${at}`, at)
  expect(message).toMatchObject({ edits: MOST_EDITS })
  expect(message && change(message, 'more', 99)).toBe(null)
})

test('changes nothing that another said, or that was said elsewhere or never', () => {
  expect(change(MESSAGE, 'Hi', 5, { isMine: true })).toBe(null)
  expect(change(MESSAGE, 'Hi', 5, { roomId: '!s' })).toBe(null)
  expect(change(undefined, 'Hi', 5)).toBe(null)
})
