import { expect, test } from 'vitest'
import { emptyScreen } from '../testing/terminal.ts'

async function after(output: string) {
  const screen = emptyScreen(20, 6)
  await new Promise<void>((resolve) => screen.write(output, resolve))
  const { active } = screen.buffer
  const lines = Array.from({ length: 6 }, (_, row) =>
    active.getLine(active.baseY + row)?.translateToString(true),
  )
  return { screen, lines, cursor: [active.cursorX, active.cursorY] }
}

test.each(['L', 'M', 'S', 'T', 'I', 'Z', 'b'])('does not do %s a million times', async (final) => {
  const { lines, cursor } = await after(`\x1b[2;1Habc\x1b[1000000${final}`)
  expect(lines).toEqual(['', 'abc', '', '', '', ''])
  expect(cursor).toEqual([3, 1])
})

test.each([
  ['\x1b[1L', ['', '', 'abc', '', '', '']],
  ['\x1b[9L', ['', '', '', '', '', '']],
  ['\x1b[M', ['', '', '', '', '', '']],
  ['\x1b[1S', ['abc', '', '', '', '', '']],
  ['\x1b[2T', ['', '', '', 'abc', '', '']],
  ['\x1b[20b', ['', 'abcccccccccccccccccc', 'ccc', '', '', '']],
])('does what is asked for as often as a screen is large: %j', async (sequence, lines) => {
  expect((await after(`\x1b[2;1Habc${sequence}`)).lines).toEqual(lines)
})

test('puts no more marks on a character than any language does', async () => {
  const { screen } = await after(`a${'\u0301'.repeat(100)}`)
  const line = screen.buffer.active.getLine(0)
  const cells = Array.from({ length: 20 }, (_, column) => line?.getCell(column)?.getChars() ?? '')
  expect(Math.max(...cells.map((characters) => characters.length))).toBe(11)
  expect(cells.join('')).toBe(`a${'\u0301'.repeat(100)}`)
})

test('shows marks and wide characters as before', async () => {
  const { screen, cursor } = await after('e\u0301\u0323你\u0301x')
  const line = screen.buffer.active.getLine(0)
  expect([0, 1, 3].map((column) => line?.getCell(column)?.getChars())).toEqual([
    'e\u0301\u0323',
    '你\u0301',
    'x',
  ])
  expect(cursor).toEqual([4, 0])
})
