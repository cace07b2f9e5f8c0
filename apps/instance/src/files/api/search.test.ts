import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { findLine } from './find-line.ts'
import { type SearchLine, searchLine } from './protocol.ts'
import { type SearchLimits, search } from './search.ts'
import { openTree } from './tree.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>

async function find(it: Booted, query: string, where = 'contents', path = '') {
  const answer = await it.get('search', { query, in: where, path })
  const lines = answer.text
    .trim()
    .split('\n')
    .map((line) => searchLine.parse(JSON.parse(line)))
  const matches = lines.filter((line) => line.type === 'match')
  return { ...answer, matches, paths: matches.map((line) => line.path).sort(), done: lines.at(-1) }
}

test('finds names without regard to case, whatever they are', async () => {
  await using it = await bootFiles()
  await it.write('a/Summer Plan.txt')
  await it.write('a/plans/x.txt')
  await symlink('/etc', it.at('a/plan-out'))
  await writeFile(Buffer.concat([Buffer.from(it.at('a/pl')), Buffer.from('an'), Buffer.from([0xff])]), '')
  await it.write('a/Cafe\u0301.txt')
  const { paths, done, headers } = await find(it, 'PLAN', 'names')
  expect(paths).toEqual(['a/Summer Plan.txt', 'a/plan-out', 'a/plans', 'a/plan\uefff'].sort())
  expect(done).toMatchObject({ type: 'done', stoppedBy: null, skipped: 0 })
  expect(headers.get('content-type')).toContain('application/x-ndjson')
  expect((await find(it, 'café', 'names')).paths).toEqual(['a/Cafe\u0301.txt'])
})

test('finds what is in a text, with its line', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', 'first\r\nthe Needle lies here\r\nneedle')
  await it.write('a/two.txt', 'nothing')
  const { matches } = await find(it, 'needle')
  expect(matches).toEqual([
    { type: 'match', path: 'a/one.txt', kind: 'file', line: 2, text: 'the Needle lies here' },
  ])
})

test('passes over what is binary, large, no file, or a link', async () => {
  await using it = await bootFiles()
  await it.write('binary', Buffer.concat([Buffer.from('needle'), Buffer.from([0])]))
  await it.write('large', Buffer.alloc(9 * 1024 * 1024, 'needle '))
  await it.write('text', 'needle')
  execFileSync('mkfifo', [it.at('pipe')])
  const outside = join(it.home, '../outside')
  await mkdir(outside)
  await writeFile(join(outside, 'secret'), 'needle')
  await symlink(outside, it.at('way-out'))
  await symlink(join(outside, 'secret'), it.at('file-out'))
  await symlink('.', it.at('round'))
  const { paths, done } = await find(it, 'needle')
  expect(paths).toEqual(['text'])
  expect(done).toMatchObject({ stoppedBy: null, skipped: 2 })
})

test('looks below one folder, and into the trash only when told to', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', 'needle')
  await it.write('b/two.txt', 'needle')
  await it.post('trash', { paths: ['b/two.txt'] })
  expect((await find(it, 'needle')).paths).toEqual(['a/one.txt'])
  expect((await find(it, 'needle', 'contents', 'b')).paths).toEqual([])
  expect((await find(it, 'needle', 'contents', '.trash')).paths).toHaveLength(1)
})

test('refuses what cannot be looked for', async () => {
  await using it = await bootFiles()
  const ask = async (query: Record<string, string>) => (await it.get('search', query)).status
  expect(await ask({ query: ' ', in: 'names' })).toBe(400)
  expect(await ask({ query: 'x'.repeat(201), in: 'names' })).toBe(400)
  expect(await ask({ query: 'x', in: 'everything' })).toBe(400)
  expect(await ask({ query: 'x', in: 'names', path: 'none' })).toBe(404)
  expect(await ask({ query: 'x', in: 'names', path: '../' })).toBe(400)
})

async function searchIn(
  limits: Partial<SearchLimits>,
  clock = () => 0,
  signal = new AbortController().signal,
) {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  for (let i = 0; i < 20; i++) await writeFile(join(root, `plan ${i}`), '')
  const all = { ms: 1_000, results: 100, entries: 100, bytes: 100, ...limits }
  const lines: SearchLine[] = []
  const options = { query: 'plan', where: 'names', path: '', signal, clock, limits: all } as const
  for await (const line of search(openTree({ root }), options)) lines.push(line)
  return lines
}

test('ends at its bounds, and says which', async () => {
  expect((await searchIn({ results: 5 })).at(-1)).toEqual({
    type: 'done',
    stoppedBy: 'results',
    searched: 5,
    skipped: 0,
  })
  expect((await searchIn({ entries: 7 })).at(-1)).toMatchObject({ stoppedBy: 'entries', searched: 7 })
  let now = 0
  const slow = await searchIn({ ms: 50 }, () => (now += 10))
  expect(slow.at(-1)).toMatchObject({ stoppedBy: 'time', searched: 5 })
})

/** Files and folders of the home that this process holds open. */
const held = (home: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(home)
    } catch {
      return false
    }
  }).length

test('holds nothing open for whoever wants no body', async () => {
  await using it = await bootFiles()
  for (let i = 0; i < 20; i++) await it.write(`a/plan ${i}`)
  const url = it.fileUrl('search', { query: 'plan', in: 'names', path: 'a' })
  await it.send(url, { method: 'HEAD' })
  expect(held(it.home)).toBe(0)
})

test('ends when the client has left', async () => {
  expect(await searchIn({}, undefined, AbortSignal.abort())).toEqual([])
})

const inPieces = async (text: string, query: string, size: number) => {
  const bytes = Buffer.from(text)
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  return findLine(pieces(), query)
}

test.each([1, 2, 3, 7, 64, 10_000])('finds the same in pieces of %i bytes', async (size) => {
  const text = `${'filler\n'.repeat(40)}ein Döner, bitte\n${'filler\n'.repeat(40)}`
  expect(await inPieces(text, 'döner', size)).toEqual({ line: 41, text: 'ein Döner, bitte' })
  expect(await inPieces(text, 'dönerx', size)).toBeNull()
})

test('shows but a part of a line without end, and finds what lies across a cut of it', async () => {
  const found = await inPieces(`${'a'.repeat(300_000)}needle${'b'.repeat(300_000)}`, 'needle', 65_536)
  expect(found).not.toBe('binary')
  expect(Object(found).text).toMatch(/^…a+needleb+…$|^a+needleb+…$|^…?[ab]*needle[ab]*…?$/)
  expect(Object(found).text.length).toBeLessThan(200)
})
