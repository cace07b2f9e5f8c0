import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAtomicWriter } from '../files/atomic.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { NEW_SHELL } from './look.ts'
import type { ShellState } from './protocol.ts'
import { openShellFile } from './state.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let root: string
afterEach(async () => await folder[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await temporaryFolder()
  root = folder.path
  await mkdir(join(root, 'system'))
})
const open = () => openShellFile(root, createAtomicWriter())
const path = () => join(root, 'system/shell.json')

const WINDOW: ShellState['windows'][number] = {
  id: 'w1',
  part: 'notes',
  target: { path: 'a\nb' },
  rect: { x: 1, y: 2, width: 300, height: 200 },
  fit: 'left',
  isMinimised: false,
}

test('begins with what every new computer has, and writes nothing for that', async () => {
  expect(await open().read()).toEqual(NEW_SHELL)
  await expect(readFile(path())).rejects.toThrow('ENOENT')
})

test('keeps what is given, and leaves the rest as it was', async () => {
  await open().change({ windows: [WINDOW] })
  const look = { theme: 'dark', hue: 20, wallpaper: 'plain' } as const
  await open().change({ look, hasStarted: true })
  expect(await open().read()).toEqual({ look, windows: [WINDOW], hasStarted: true })
})

test('loses none of two changes at the same moment', async () => {
  const file = open()
  await Promise.all([file.change({ windows: [WINDOW] }), file.change({ hasStarted: true })])
  expect(await file.read()).toMatchObject({ windows: [WINDOW], hasStarted: true })
})

test.each([
  ['half a file', '{"look": {"theme"'],
  ['another kind of file', '[1, 2]'],
  ['a theme that there is not', JSON.stringify({ ...NEW_SHELL, look: { ...NEW_SHELL.look, theme: 'pink' } })],
  [
    'a window of a part with a path in its name',
    JSON.stringify({ ...NEW_SHELL, windows: [{ ...WINDOW, part: '../x' }] }),
  ],
])('begins anew after %s, and keeps it aside', async (_, text) => {
  await writeFile(path(), text)
  expect(await open().read()).toEqual(NEW_SHELL)
  expect(await readFile(join(root, 'system/shell.damaged.json'), 'utf8')).toBe(text)
  await open().change({ hasStarted: true })
  expect(await open().read()).toEqual({ ...NEW_SHELL, hasStarted: true })
})
