import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { newId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ExportFiles } from '../../../ports/export-files.ts'
import { createLocalExportFiles } from './index.ts'

let folder = ''
let files: ExportFiles
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mos-exports-'))
  files = createLocalExportFiles({ folder: join(folder, 'exports') })
})
afterEach(() => rm(folder, { recursive: true }))

const clock = { now: () => 1, random: (size: number) => new Uint8Array(size).fill(7) }
const INSTANCE = newId('ins', clock)
const FILE = { instanceId: INSTANCE, exportId: 'a'.repeat(32) }
const open = () => new AbortController().signal
async function* bytes(...texts: string[]) {
  for (const each of texts) yield Buffer.from(each)
}
const textOf = (offset: number) => text(Readable.from(files.read(FILE, offset)))

it('keeps a whole file, and reads it from anywhere', async () => {
  expect(await files.sizeOf(FILE)).toBeNull()
  expect(await files.write(FILE, bytes('Buy ', 'milk'), open())).toBe(8)
  expect(await files.sizeOf(FILE)).toBe(8)
  expect([await textOf(0), await textOf(4)]).toEqual(['Buy milk', 'milk'])
  expect(await files.all()).toEqual([FILE])
  expect(await files.freeBytes()).toBeGreaterThan(0)
})

it('leaves nothing of what breaks off, and the file before it where it is made again', async () => {
  await files.write(FILE, bytes('whole'), open())
  async function* broken() {
    yield Buffer.from('hal')
    throw new Error('tar was killed.')
  }
  await expect(files.write(FILE, broken(), open())).rejects.toThrow('tar was killed.')
  await expect(files.write(FILE, bytes('late'), AbortSignal.abort())).rejects.toThrow()
  expect(await textOf(0)).toBe('whole')
  expect(await readdir(join(folder, 'exports'))).toHaveLength(1)
})

it('takes away a file with what a kill left of it, and nothing of another', async () => {
  const other = { ...FILE, instanceId: newId('ins', { ...clock, now: () => 2 }) }
  const newer = { ...FILE, exportId: 'b'.repeat(32) }
  for (const file of [FILE, other, newer]) await files.write(file, bytes('mine'), open())
  await writeFile(join(folder, 'exports', `${INSTANCE}.${FILE.exportId}.part-1`), 'half')
  await files.remove(FILE)
  expect(await files.all()).toHaveLength(2)
  expect(await files.all()).toEqual(expect.arrayContaining([other, newer]))
})

it('keeps of a whole file nothing that a kill left of it before', async () => {
  await files.write({ ...FILE, exportId: 'b'.repeat(32) }, bytes('mine'), open())
  const half = (exportId: string) => join(folder, 'exports', `${INSTANCE}.${exportId}.part-1`)
  for (const id of [FILE.exportId, 'b'.repeat(32)]) await writeFile(half(id), 'half')
  await files.write(FILE, bytes('Buy milk'), open())
  expect(await textOf(0)).toBe('Buy milk')
  expect(await readdir(join(folder, 'exports'))).toEqual([
    `${INSTANCE}.${FILE.exportId}`,
    `${INSTANCE}.${'b'.repeat(32)}`,
    `${INSTANCE}.${'b'.repeat(32)}.part-1`,
  ])
})

it('makes no path of an id that is none', async () => {
  await expect(files.write({ ...FILE, exportId: '../secrets' }, bytes(''), open())).rejects.toThrow('id')
})
