import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { openHome } from './home.ts'

async function homeWithOutside() {
  const folder = await temporaryFolder()
  const root = join(folder.path, 'home')
  await mkdir(join(root, 'notes'), { recursive: true })
  await writeFile(join(folder.path, 'secret'), 'secret')
  return { ...folder, root, home: await openHome(root), outside: folder.path }
}

test.each([
  ['', '.', ''],
  ['', '~', ''],
  ['notes', '/', ''],
  ['notes', '..', ''],
  ['notes', 'a/../b', 'notes/b'],
  ['notes', '~/x y', 'x y'],
  ['', '~x', '~x'],
  ['', 'notes/', 'notes'],
])('resolves, in %j, %j to %j', async (cwd, typed, located) => {
  await using it = await homeWithOutside()
  expect(it.home.locate(cwd, typed)).toBe(located)
})

test.each(['..', '../secret', 'notes/../../secret', '/../secret', '~/..', 'a\0b'])(
  'refuses %j',
  async (typed) => {
    await using it = await homeWithOutside()
    expect(() => it.home.locate('', typed)).toThrow(/outside your home|cannot hold/)
  },
)

test('follows no link to the outside, to read, to write or as a folder', async () => {
  await using it = await homeWithOutside()
  await symlink(it.outside, join(it.root, 'way-out'))
  await symlink(join(it.outside, 'secret'), join(it.root, 'file-out'))
  for (const located of ['way-out', 'file-out', 'way-out/secret']) {
    await expect(it.home.existing(located)).rejects.toThrow('outside your home')
    await expect(it.home.target(located)).rejects.toThrow('outside your home')
  }
  await expect(it.home.entry('way-out/secret')).rejects.toThrow('outside your home')
  // The link itself is the owner's, to remove.
  expect(await it.home.entry('way-out')).toBe(join(it.home.root, 'way-out'))
})

test('creates nothing through a dangling link', async () => {
  await using it = await homeWithOutside()
  await symlink(join(it.outside, 'new'), join(it.root, 'dangling'))
  await expect(it.home.target('dangling')).rejects.toThrow('leads nowhere')
})

test('follows links within the home', async () => {
  await using it = await homeWithOutside()
  await writeFile(join(it.root, 'notes/a'), 'inside')
  await symlink('notes/a', join(it.root, 'link'))
  expect(await readFile(await it.home.existing('link'), 'utf8')).toBe('inside')
  expect(await it.home.target('link')).toBe(join(it.home.root, 'notes/a'))
})

test('does not count a home reached by a link as outside', async () => {
  await using it = await homeWithOutside()
  await symlink(it.root, join(it.outside, 'alias'))
  const home = await openHome(join(it.outside, 'alias'))
  expect(await home.existing('notes')).toBe(join(home.root, 'notes'))
})
