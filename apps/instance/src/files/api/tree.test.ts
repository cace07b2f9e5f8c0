import { execFileSync } from 'node:child_process'
import { mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { openToRead, openTree } from './tree.ts'

async function homeWithOutside(hasProc?: boolean) {
  const folder = await temporaryFolder()
  const root = join(await realpath(folder.path), 'home')
  await mkdir(join(root, 'notes'), { recursive: true })
  await writeFile(join(root, 'notes/a'), 'inside')
  await writeFile(join(folder.path, 'secret'), 'secret')
  await mkdir(join(folder.path, 'home-of-eve'))
  return {
    ...folder,
    root,
    outside: folder.path,
    tree: openTree({ root, ...(hasProc === undefined ? {} : { hasProc }) }),
  }
}

const pinAndRead = async (it: Awaited<ReturnType<typeof homeWithOutside>>, path: string) => {
  await using pin = await it.tree.pin(path)
  await using file = await openToRead(pin)
  return String(await file.readFile())
}

// Without /proc, as on macOS, real paths do the same but for the race.
describe.each([undefined, false])('with hasProc %s', (hasProc) => {
  test.each(['..', 'notes/..', 'notes/../..', '/etc', 'notes//a', './notes', 'notes/', 'a\0b', '\ud800'])(
    'refuses the path %j',
    async (path) => {
      await using it = await homeWithOutside(hasProc)
      await expect(it.tree.pin(path)).rejects.toMatchObject({ status: 400 })
      await expect(it.tree.spot(path)).rejects.toMatchObject({ status: 400 })
    },
  )

  test('follows links within the home, and none that leads out', async () => {
    await using it = await homeWithOutside(hasProc)
    await symlink('notes/a', join(it.root, 'link'))
    await symlink('notes', join(it.root, 'folder'))
    for (const path of ['link', 'folder/a', 'notes/a']) expect(await pinAndRead(it, path)).toBe('inside')
    await symlink(it.outside, join(it.root, 'way-out'))
    await symlink(join(it.outside, 'secret'), join(it.root, 'file-out'))
    // Its name begins like the home's.
    await symlink(join(it.outside, 'home-of-eve'), join(it.root, 'neighbour'))
    for (const path of [
      'way-out',
      'way-out/secret',
      'file-out',
      'neighbour',
      'way-out/home/notes/../secret',
    ]) {
      await expect(it.tree.pin(path)).rejects.toThrow(/outside|not a path/)
    }
    await expect(it.tree.spot('way-out/new')).rejects.toMatchObject({ status: 403 })
    // The link itself is the owner's.
    await using spot = await it.tree.spot('way-out')
    expect((await spot.stats())?.isSymbolicLink()).toBe(true)
  })

  test('pins exactly only what has no link in its path', async () => {
    await using it = await homeWithOutside(hasProc)
    await symlink('notes', join(it.root, 'folder'))
    await expect(it.tree.pinExactly('folder/a')).rejects.toMatchObject({ code: 'ENOENT' })
    await using pin = await it.tree.pinExactly('notes/a')
    expect(pin.path).toBe('notes/a')
  })
})

test('reads what it checked, though a link takes its place in between', async () => {
  await using it = await homeWithOutside()
  await mkdir(join(it.outside, 'trap'))
  await writeFile(join(it.outside, 'trap/a'), 'secret')
  await using file = await it.tree.pin('notes/a')
  await using folder = await it.tree.spot('notes/a')
  await rename(join(it.root, 'notes'), join(it.root, 'elsewhere'))
  await symlink(join(it.outside, 'trap'), join(it.root, 'notes'))
  await using read = await openToRead(file)
  expect(String(await read.readFile())).toBe('inside')
  expect(await readFile(folder.self, 'utf8')).toBe('inside')
})

test('lets nothing out while a program swaps a folder and a link as fast as it can', async () => {
  await using it = await homeWithOutside()
  await mkdir(join(it.outside, 'trap'))
  await writeFile(join(it.outside, 'trap/a'), 'secret')
  await symlink(join(it.outside, 'trap'), join(it.root, 'link'))
  let isOver = false
  const swapping = (async () => {
    while (!isOver) {
      for (const [from, to] of [
        ['notes', 'kept'],
        ['link', 'notes'],
        ['notes', 'link'],
        ['kept', 'notes'],
      ] as const) {
        await rename(join(it.root, from), join(it.root, to))
      }
    }
  })()
  const seen = new Map<string, number>()
  for (let i = 0; i < 2_000; i++) {
    const found = await pinAndRead(it, 'notes/a').catch((error) => String(error.code ?? error.status))
    seen.set(found, (seen.get(found) ?? 0) + 1)
  }
  isOver = true
  await swapping
  expect([...seen.keys()].sort()).toEqual(expect.arrayContaining(['inside']))
  expect(seen.has('secret')).toBe(false)
})

test('is held up by no FIFO, and opens no device', async () => {
  await using it = await homeWithOutside()
  execFileSync('mkfifo', [join(it.root, 'pipe')])
  await using pin = await it.tree.pin('pipe')
  expect((await pin.stats()).isFIFO()).toBe(true)
  await using file = await openToRead(pin)
  expect((await file.read(Buffer.alloc(1))).bytesRead).toBe(0)
  await rm(join(it.root, 'pipe'))
})
