import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { disk } from './disk.ts'

test('steps back from where a link leads, and through what is not there yet', async () => {
  await using folder = await temporaryFolder()
  const at = (path: string) => `${folder.path}/${path}`
  await mkdir(at('a/b'), { recursive: true })
  await symlink(at('a/b'), at('link'))
  await symlink(at('nothing'), at('dangling'))
  expect(disk.real(at('link/../x'))).toBe(at('a/x'))
  expect(disk.real(at('new/../link/../x'))).toBe(at('a/x'))
  expect(disk.real(at('new/x'))).toBe(at('new/x'))
  expect(disk.real(at('dangling'))).toBeNull()
  expect(disk.real(at('dangling/x'))).toBeNull()
})

test('tells what is in a folder', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'a'))
  await writeFile(join(folder.path, 'b'), '')
  const entries = disk.list(folder.path)?.toSorted((one, other) => one.name.localeCompare(other.name))
  expect(entries).toEqual([
    { name: 'a', isFolder: true },
    { name: 'b', isFolder: false },
  ])
  expect(disk.list(join(folder.path, 'b'))).toEqual([])
  expect(disk.list(join(folder.path, 'c'))).toEqual([])
})

test.each([
  ['[core]\n\tbare = false\n[remote "origin"]\n\turl = https://example.org/a\n', true],
  ['[diff]\n\texternal = ./x\n', false],
  ['[diff "a"]\n\tTextConv = ./x\n', false],
  ['[filter "a"]\n\tclean = ./x\n', false],
  ['[include]\n\tpath = ../x\n', false],
  [' '.repeat(100_000), false],
])('knows a repository whose settings name programs', async (config, isPlain) => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'game/.git'), { recursive: true })
  await mkdir(join(folder.path, 'game/deep'))
  expect(disk.isPlainGit(join(folder.path, 'game/deep'))).toBe(true)
  await writeFile(join(folder.path, 'game/.git/config'), config)
  expect(disk.isPlainGit(join(folder.path, 'game/deep'))).toBe(isPlain)
  expect(disk.isPlainGit(folder.path)).toBe(true)
})

test('trusts no repository that is kept elsewhere', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, '.git'), 'gitdir: /elsewhere\n')
  expect(disk.isPlainGit(folder.path)).toBe(false)
})
