/** A conversation's file, with what a kill, a full disk or somebody else may have left there. */
import { appendFile, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import type { Entry } from './entry.ts'
import { openLog, readEntries } from './file.ts'

const said = (id: string, text = 'Hello'): Entry => ({
  type: 'said',
  id,
  parent: null,
  text,
  images: [],
  at: 1,
})

async function logInFolder() {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'one.jsonl')
  const log = openLog(async () => ({ path, [Symbol.asyncDispose]: async () => undefined }))
  return { ...folder, file: path, log, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] }
}

test('writes a line for each entry, in order, however many come at once', async () => {
  await using it = await logInFolder()
  expect(await readEntries(it.file)).toBeNull()
  await Promise.all([said('m1'), said('m2'), said('m3')].map((entry) => it.log.append(entry)))
  expect(await readEntries(it.file)).toEqual([said('m1'), said('m2'), said('m3')])
})

test('loses no whole line to a kill in the middle of a write, at whichever byte', async () => {
  await using it = await logInFolder()
  await it.log.append(said('m1', 'Grüße 😀'))
  const whole = (await readFile(it.file)).length
  await it.log.append(said('m2', 'Grüße 😀'))
  const all = await readFile(it.file)
  for (let bytes = whole; bytes < all.length; bytes++) {
    await writeFile(it.file, all)
    await truncate(it.file, bytes)
    expect(await readEntries(it.file)).toEqual([said('m1', 'Grüße 😀')])
    await it.log.append(said('m3'))
    expect(await readEntries(it.file)).toEqual([said('m1', 'Grüße 😀'), said('m3')])
  }
})

test('passes over lines that it does not understand', async () => {
  await using it = await logInFolder()
  await it.log.append(said('m1'))
  await appendFile(it.file, 'no JSON\n{"type":"unknown"}\n\n')
  await it.log.append(said('m2'))
  expect(await readEntries(it.file)).toEqual([said('m1'), said('m2')])
})

test('reads what others planted there in pieces, and no line or number of lines that fills its memory', async () => {
  await using it = await logInFolder()
  await it.log.append(said('m1'))
  // 60 MB in lines that would be entries if there were fewer, and in one that is too long.
  const line = `${JSON.stringify(said('planted'))}\n`
  await appendFile(it.file, `${JSON.stringify(said('long', 'x'.repeat(5_000_000)))}\n`)
  await appendFile(it.file, line.repeat(Math.floor(55_000_000 / line.length)))
  const entries = await readEntries(it.file)
  expect(entries?.length).toBe(20_000)
  expect(entries?.slice(0, 3).map((one) => one.type === 'said' && one.id)).toEqual([
    'm1',
    'planted',
    'planted',
  ])
})

test('finds the end of a file without a line in it a piece at a time', async () => {
  await using it = await logInFolder()
  await writeFile(it.file, `${JSON.stringify(said('m1'))}\n${'x'.repeat(200_000)}`)
  await it.log.append(said('m2'))
  expect(await readFile(it.file, 'utf8')).toBe(
    `${JSON.stringify(said('m1'))}\n${JSON.stringify(said('m2'))}\n`,
  )
})

test('neither reads nor writes what a link of that name leads to', async () => {
  await using it = await logInFolder()
  await using outside = await temporaryFolder()
  await writeFile(join(outside.path, 'secret'), `${JSON.stringify(said('secret'))}\n`)
  await symlink(join(outside.path, 'secret'), it.file)
  await expect(readEntries(it.file)).rejects.toThrow()
  await expect(it.log.append(said('m1'))).rejects.toThrow()
  expect(await readFile(join(outside.path, 'secret'), 'utf8')).not.toContain('m1')
})

test('goes on after a write that failed', async () => {
  await using it = await logInFolder()
  await mkdir(it.file)
  await expect(it.log.append(said('m1'))).rejects.toThrow()
  expect(await readEntries(it.file)).toBeNull()
})
