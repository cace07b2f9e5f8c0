import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAtomicWriter } from '../files/atomic.ts'
import { openHome } from '../files/home.ts'
import { PAD_LIMIT } from '../protocol.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { createPad, versionOf } from './pad.ts'

async function padInHome() {
  const folder = await temporaryFolder()
  const pad = createPad({
    home: await openHome(folder.path),
    write: createAtomicWriter(),
    now: () => new Date('2025-03-01T12:00:00Z'),
  })
  return { ...folder, pad, file: (name: string) => readFile(join(folder.path, 'notes', name), 'utf8') }
}

test('acknowledges a save once it is on disk, with a version derived from the text', async () => {
  await using it = await padInHome()
  const { version } = await it.pad.read()
  expect(await it.pad.save('hello', version)).toEqual({ version: versionOf('hello'), keptCopy: null })
  expect(await it.file('pad.md')).toBe('hello')
  expect(await it.pad.read()).toEqual({ version: versionOf('hello'), text: 'hello' })
})

test('lets the last writer win, and keeps what they did not know of beside it', async () => {
  await using it = await padInHome()
  await it.pad.save('first', versionOf(''))
  const { keptCopy } = await it.pad.save('second', versionOf(''))
  expect(keptCopy).toBe('notes/pad-2025-03-01T12-00-00.md')
  expect(await it.file('pad.md')).toBe('second')
  expect(await it.file('pad-2025-03-01T12-00-00.md')).toBe('first')
})

test('sees no conflict in the same text twice', async () => {
  await using it = await padInHome()
  await it.pad.save('same', versionOf(''))
  expect((await it.pad.save('same', versionOf(''))).keptCopy).toBeNull()
})

test('recreates a removed notes folder with the next save', async () => {
  await using it = await padInHome()
  await it.pad.save('a', versionOf(''))
  await rm(join(it.path, 'notes'), { recursive: true })
  await it.pad.save('b', versionOf('a'))
  expect(await it.file('pad.md')).toBe('b')
})

test('keeps the old text after a failure, and saves later ones', async () => {
  await using it = await padInHome()
  await it.pad.save('old', versionOf(''))
  await mkdir(join(it.path, 'notes/.pad.md.saving'))
  await expect(it.pad.save('new', versionOf('old'))).rejects.toThrow()
  expect(await it.file('pad.md')).toBe('old')
  await rm(join(it.path, 'notes/.pad.md.saving'), { recursive: true })
  await it.pad.save('newer', versionOf('old'))
  expect(await it.file('pad.md')).toBe('newer')
})

test('neither reads nor writes a pad that links to the outside', async () => {
  await using outside = await temporaryFolder()
  await using it = await padInHome()
  await writeFile(join(outside.path, 'secret'), 'secret')
  await mkdir(join(it.path, 'notes'))
  await symlink(join(outside.path, 'secret'), join(it.path, 'notes/pad.md'))
  await expect(it.pad.read()).rejects.toThrow('outside your home')
  await expect(it.pad.save('mine', versionOf(''))).rejects.toThrow('outside your home')
  expect(await readdir(outside.path)).toEqual(['secret'])
})

test('refuses a text that is too long, and says so', async () => {
  await using it = await padInHome()
  await expect(it.pad.save('x'.repeat(PAD_LIMIT + 1), versionOf(''))).rejects.toThrow(
    'The note pad holds up to 500,000 characters',
  )
})

test('writes simultaneous saves in the order they came', async () => {
  await using it = await padInHome()
  await Promise.all([it.pad.save('a', versionOf('')), it.pad.save('ab', versionOf('a'))])
  expect(await it.file('pad.md')).toBe('ab')
})
