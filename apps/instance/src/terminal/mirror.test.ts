import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyScreen } from '../testing/terminal.ts'
import { createMirror, type Snapshot } from './mirror.ts'

const [COLUMNS, ROWS] = [20, 6]
const nothing = () => undefined

const written = (screen: ReturnType<typeof emptyScreen>, text: string) =>
  new Promise<typeof screen>((resolve) => screen.write(text, () => resolve(screen)))

/** All that a page can see of it, and what it would do next. */
function stateOf(screen: ReturnType<typeof emptyScreen>) {
  const { active } = screen.buffer
  const rows = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row)
    return Array.from({ length: screen.cols }, (_, column) => {
      const cell = line?.getCell(column)
      // An empty cell and a space look alike.
      const characters = cell?.getChars() || ' '
      const isPlain = characters === ' ' && !cell?.isInverse() && !cell?.isUnderline()
      return (
        cell && [characters, cell.getWidth(), isPlain ? 0 : cell.getFgColor(), cell.getBgColor()].join(' ')
      )
    })
  })
  while (rows.at(-1)?.every((cell) => cell === '  1 0 -1' || cell === '  1 0 0')) rows.pop()
  const { cursorX, cursorY, type } = active
  return { rows, cursor: [Math.min(cursorX, screen.cols - 1), cursorY], type, modes: screen.modes }
}

async function both(output: string) {
  const mirror = createMirror({
    columns: COLUMNS,
    rows: ROWS,
    onAnswer: nothing,
    onTitle: nothing,
    onFolder: nothing,
  })
  mirror.write(Buffer.from(output))
  const snapshot = await new Promise<Snapshot>((resolve) => mirror.snapshot(resolve))
  const there = await written(emptyScreen(COLUMNS, ROWS), output)
  const here = await written(emptyScreen(COLUMNS, ROWS), snapshot.text)
  mirror.dispose()
  return { there, here }
}

const OUTPUT = [
  'word ',
  'a longer text that is wrapped around ',
  '\r\n',
  '你好',
  '\x1b[31m',
  '\x1b[0m',
  '\x1b[44mblue\x1b[49m',
  '\x1b[2;5H',
  '\x1b[K',
  '\x1b[2A',
  '\x1b[2;4r',
  '\x1b[r',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1b[?2004h',
  '\x1b[?1000h\x1b[?1006h',
  '\x1b[?25l',
  '\x1b[?6h',
  '\x1b[?6l',
  '\x1b[?7l',
  '\x1b[?7h',
  '\x1b(0',
  'lqk\x1b(B',
  '\x1b[3 q',
]
/** What comes after the snapshot shows what the two would not tell: regions, character sets, hidden modes. */
const AFTERWARDS = 'x\r\nafter\r\nwards\n\n\x1b[1;1Hcorner'

test('draws again what any output drew, in the state in which that left the terminal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...OUTPUT), { maxLength: 25 }), async (pieces) => {
      const { there, here } = await both(pieces.join(''))
      expect(stateOf(here)).toEqual(stateOf(there))
      await Promise.all([written(there, AFTERWARDS), written(here, AFTERWARDS)])
      expect(stateOf(here)).toEqual(stateOf(there))
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('tells no folder longer than any: what is kept of the terminals could not be read again', async () => {
  const folders: string[] = []
  const mirror = createMirror({
    ...{ columns: COLUMNS, rows: ROWS, onAnswer: nothing, onTitle: nothing },
    onFolder: (folder) => void folders.push(folder),
  })
  await new Promise<void>((resolve) =>
    mirror.write(
      Buffer.from(`\x1b]7;file://host/${'x'.repeat(5_000)}\x07\x1b]7;file://host/tmp\x07`),
      resolve,
    ),
  )
  expect(folders).toEqual(['/tmp'])
})
