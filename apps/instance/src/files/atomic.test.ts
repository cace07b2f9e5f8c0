import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createAtomicWriter } from './atomic.ts'

test('keeps the last of many simultaneous writes, and leaves nothing else behind', async () => {
  await using folder = await temporaryFolder()
  const write = createAtomicWriter()
  const path = join(folder.path, 'pad.md')
  await Promise.all(Array.from({ length: 20 }, (_, i) => write(path, `${i}`)))
  expect(await readFile(path, 'utf8')).toBe('19')
  expect(await readdir(folder.path)).toEqual(['pad.md'])
})

test('keeps the old text when a write fails, and does not block the next', async () => {
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

test('replaces what a kill left half-written', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, '.pad.md.saving'), 'half')
  await createAtomicWriter()(join(folder.path, 'pad.md'), 'whole')
  expect(await readdir(folder.path)).toEqual(['pad.md'])
})
