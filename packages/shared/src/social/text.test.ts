import { expect, it } from 'vitest'
import { isPlainText, MOST_MENTIONS, mentionsIn, textParts } from './text.ts'

it.each([
  ['@ada hi', ['ada']],
  ['Thanks, @Ada! And (@bob-2).', ['ada', 'bob-2']],
  ['@ada @ada @bob', ['ada', 'bob']],
  ['@ada_ai built it', ['ada']],
  ['mail@ada.example', []],
  ['@ada_bot and @a and @-x', []],
  ['https://example.org/@ada', []],
  ['@@ada', []],
])('finds in %j: %j', (text, handles) => {
  expect(mentionsIn(text)).toEqual(handles)
})

it('takes the first few mentions alone', () => {
  const text = Array.from({ length: 30 }, (_, at) => `@person${at}`).join(' ')
  expect(mentionsIn(text)).toHaveLength(MOST_MENTIONS)
})

it('leaves the full stop after an address out of it', () => {
  expect(textParts('See https://example.org/a?b=1.')).toEqual([
    { kind: 'words', text: 'See ' },
    { kind: 'link', text: 'https://example.org/a?b=1', url: 'https://example.org/a?b=1' },
    { kind: 'words', text: '.' },
  ])
})

it('makes links of web addresses alone', () => {
  expect(textParts('javascript:alert(1) data:text/html,x').map(({ kind }) => kind)).toEqual(['words'])
})

it.each(['@ada: https://x.example/y, ok', 'a\nb @c-d https://', '', '@', 'https://[::'])(
  'loses nothing of %j',
  (text) => {
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  },
)

it('lets lines and tabs be, and no control characters or marks of direction', () => {
  expect(isPlainText('a\n\tb 👩‍💻 ش')).toBe(true)
  for (const text of ['\u0000', '\u001b[31m', 'a\u202eb', '\u2066', `Z${'\u0301'.repeat(900)}`])
    expect(isPlainText(text)).toBe(false)
})
