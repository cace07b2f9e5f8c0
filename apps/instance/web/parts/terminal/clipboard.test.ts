import headless from '@xterm/headless'
import { afterEach, expect, test, vi } from 'vitest'
import { takeCopies } from './clipboard.ts'

afterEach(() => vi.unstubAllGlobals())

async function after(output: string, mayWrite = true) {
  const writeText = vi.fn(async () => undefined)
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  const terminal = new headless.Terminal({ allowProposedApi: true })
  takeCopies(terminal, () => mayWrite, vi.fn())
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  return { writeText, line: terminal.buffer.active.getLine(0)?.translateToString(true) }
}

test('copies what a program says, in the terminal that somebody works in', async () => {
  expect((await after('\x1b]52;c;aGVsbG8=\x07')).writeText).toHaveBeenCalledWith('hello')
  expect((await after('\x1b]52;c;aGVsbG8=\x07', false)).writeText).not.toHaveBeenCalled()
})

test.each(['a', 'aGVsbG8==', '====', 'a=b'])(
  'shows what follows a copy that is none: %s',
  async (encoded) => {
    const { writeText, line } = await after(`\x1b]52;c;${encoded}\x07after`)
    expect(writeText).not.toHaveBeenCalled()
    expect(line).toBe('after')
  },
)
