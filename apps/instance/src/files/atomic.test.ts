import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createAtomicWriter } from './atomic.ts'

test('many writes at once: the last one stands, and nothing else is left', async () => {
  await using folder = await temporaryFolder()
  const write = createAtomicWriter()
  const path = join(folder.path, 'pad.md')
  await Promise.all(Array.from({ length: 20 }, (_, i) => write(path, `${i}`)))
  expect(await readFile(path, 'utf8')).toBe('19')
  expect(await readdir(folder.path)).toEqual(['pad.md'])
})

test('a write that fails leaves the old text, and does not stop the next', async () => {
  await using folder = await temporaryFolder()
  const write = createAtomicWriter()
  const path = join(folder.path, 'pad.md')
  await writeFile(path, 'old')
  await mkdir(join(folder.path, 'taken'))
  await expect(write(join(folder.path, 'taken'), 'new')).rejects.toThrow()
  await expect(write(join(folder.path, 'nowhere/pad.md'), 'new')).rejects.toThrow()
  expect(await readdir(folder.path)).toEqual(['pad.md', 'taken'])
  await write(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
})

test('what a kill left half-written is replaced', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, '.pad.md.saving'), 'half')
  await createAtomicWriter()(join(folder.path, 'pad.md'), 'whole')
  expect(await readdir(folder.path)).toEqual(['pad.md'])
})
