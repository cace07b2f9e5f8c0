import { execFileSync } from 'node:child_process'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { listing, located } from './protocol.ts'

const list = async (it: Awaited<ReturnType<typeof bootFiles>>, path: string) =>
  (await it.get('list', { path })).as(listing)

test('lists what is in a folder, with kinds and where links lead', async () => {
  await using it = await bootFiles()
  await it.write('plan/a.txt', 'abc')
  await mkdir(it.at('plan/sub'))
  execFileSync('mkfifo', [it.at('plan/pipe')])
  for (const [to, name] of [
    ['a.txt', 'to-file'],
    ['sub', 'to-folder'],
    ['nowhere', 'dangling'],
    ['/etc/passwd', 'outside'],
    ['round', 'round'],
  ] as const) {
    await symlink(to, it.at(`plan/${name}`))
  }
  const { entries, isComplete } = await list(it, 'plan')
  const told = Object.fromEntries(
    entries.map(({ name, kind, size, leadsTo }) => [name, { kind, size, leadsTo }]),
  )
  expect(isComplete).toBe(true)
  expect(told).toEqual({
    'a.txt': { kind: 'file', size: 3, leadsTo: undefined },
    sub: { kind: 'folder', size: 0, leadsTo: undefined },
    pipe: { kind: 'other', size: 0, leadsTo: undefined },
    'to-file': { kind: 'link', size: 0, leadsTo: 'file' },
    'to-folder': { kind: 'link', size: 0, leadsTo: 'folder' },
    dangling: { kind: 'link', size: 0, leadsTo: null },
    outside: { kind: 'link', size: 0, leadsTo: null },
    round: { kind: 'link', size: 0, leadsTo: null },
  })
})

test('tells of one file what the listing tells, and keeps its version but for a change', async () => {
  await using it = await bootFiles()
  await it.write('plan/a.txt', 'abc')
  const stat = async () => (await it.get('stat', { path: 'plan/a.txt' })).as(located)
  const before = await stat()
  expect(before).toMatchObject({ name: 'a.txt', path: 'plan/a.txt', kind: 'file', size: 3 })
  expect((await list(it, 'plan')).entries).toEqual([expect.objectContaining({ version: before.version })])
  execFileSync('chmod', ['+x', it.at('plan/a.txt')])
  expect((await stat()).version).toBe(before.version)
  // Of the same size, as a program writes it in place.
  await writeFile(it.at('plan/a.txt'), 'xyz')
  expect((await stat()).version).not.toBe(before.version)
  expect((await it.get('stat', { path: '' })).as(located)).toMatchObject({
    name: '',
    path: '',
    kind: 'folder',
  })
})

test('says in plain words what is not there, and what is no folder', async () => {
  await using it = await bootFiles()
  await it.write('a.txt')
  expect(await it.get('list', { path: 'none' })).toMatchObject({
    status: 404,
    body: { message: 'none: no such file or folder' },
  })
  expect(await it.get('list', { path: 'a.txt' })).toMatchObject({ status: 415 })
  expect(await it.get('list', { path: 'a.txt/b' })).toMatchObject({ status: 404 })
  expect(await it.get('stat', { path: 'none' })).toMatchObject({ status: 404 })
  expect(await it.get('list')).toMatchObject({ status: 400 })
})

test('lists 10,000 files in one answer, and times that no calendar has', async () => {
  await using it = await bootFiles()
  await mkdir(it.at('many'))
  const names = Array.from({ length: 10_000 }, (_, i) => `file ${i}`)
  await Promise.all(names.map((name) => writeFile(join(it.at('many'), name), '')))
  await utimes(it.at('many/file 7'), 1e14, 1e14)
  const { entries } = await list(it, 'many')
  expect(entries.map(({ name }) => name).sort()).toEqual(names.sort())
})
