import { readdirSync } from 'node:fs'
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { createGate } from './gate.ts'
import { restored, trashContents, trashed } from './protocol.ts'
import { createTrash, deletePaths } from './trash.ts'
import { openTree, type Tree } from './tree.ts'
import { createUploads } from './uploads.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>
const put = async (it: Booted, ...paths: string[]) => (await it.post('trash', { paths })).as(trashed).id
const contents = async (it: Booted) => (await it.get('trash')).as(trashContents).items

test('takes several things away as one, tells what they were, and brings them back', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', 'one')
  await it.write('a/b/two.txt', 'two')
  await symlink('/etc/passwd', it.at('way-out'))
  // What lies in another of them goes with it.
  const id = await put(it, 'a/one.txt', 'a/b', 'a/b/two.txt', 'way-out')
  expect(await readdir(it.at('a'))).toEqual([])
  expect(await contents(it)).toEqual([
    {
      id,
      trashedAt: '2025-03-01T12:00:00.000Z',
      entries: [
        { wasAt: 'a/one.txt', kind: 'file', size: 3 },
        { wasAt: 'a/b', kind: 'folder', size: 0 },
        { wasAt: 'way-out', kind: 'link', size: 0 },
      ],
    },
  ])
  const back = (await it.post('restore', { id })).as(restored)
  expect(back.entries.map(({ path }) => path)).toEqual(['a/one.txt', 'a/b', 'way-out'])
  expect(await readFile(it.at('a/b/two.txt'), 'utf8')).toBe('two')
  expect(await contents(it)).toEqual([])
  expect((await it.post('restore', { id })).status).toBe(404)
})

test('brings back after a restart, with the folder that it lay in', async () => {
  await using first = await bootFiles()
  await first.write('a/b/one.txt', 'one')
  const id = await put(first, 'a/b/one.txt')
  await rm(first.at('a'), { recursive: true })
  await first.stop()
  await using second = await bootFiles({ home: first.home })
  expect((await second.post('restore', { id })).status).toBe(200)
  expect(await readFile(second.at('a/b/one.txt'), 'utf8')).toBe('one')
})

test('brings back once what a kill left in both places', async () => {
  await using it = await bootFiles()
  await it.write('one.txt', 'one')
  const id = await put(it, 'one.txt')
  await link(it.at(`.trash/${id}/0`), it.at('one.txt'))
  const back = (await it.post('restore', { id })).as(restored)
  expect(back.entries).toEqual([{ wasAt: 'one.txt', path: 'one.txt' }])
  expect((await stat(it.at('one.txt'))).nlink).toBe(1)
  expect(await contents(it)).toEqual([])
})

test('takes no other’s place on the way back, and finds one where the folder cannot be', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', 'old')
  await it.write('a/archive.tar.gz', 'old')
  const id = await put(it, 'a/one.txt', 'a/archive.tar.gz')
  await it.write('a/one.txt', 'new')
  const back = (await it.post('restore', { id })).as(restored)
  expect(back.entries).toEqual([
    { wasAt: 'a/one.txt', path: 'a/one (restored).txt' },
    { wasAt: 'a/archive.tar.gz', path: 'a/archive.tar.gz' },
  ])
  expect(await readFile(it.at('a/one.txt'), 'utf8')).toBe('new')
  const again = await put(it, 'a/one.txt')
  await rm(it.at('a'), { recursive: true })
  await it.write('a', 'a file now')
  expect((await it.post('restore', { id: again })).as(restored).entries).toEqual([
    { wasAt: 'a/one.txt', path: 'one.txt' },
  ])
})

test('gives a name of the greatest length a shorter one', async () => {
  await using it = await bootFiles()
  const name = `${'ü'.repeat(125)}.txt`
  await it.write(name, 'old')
  const id = await put(it, name)
  await it.write(name, 'new')
  const [entry] = (await it.post('restore', { id })).as(restored).entries
  expect(entry?.path).toMatch(/^ü+ \(restored\)\.txt$/)
  expect(await readFile(it.at(entry?.path ?? ''), 'utf8')).toBe('old')
})

test('moves all or nothing', async () => {
  await using it = await bootFiles()
  await it.write('one.txt')
  expect(await it.post('trash', { paths: ['one.txt', 'none.txt'] })).toMatchObject({
    status: 404,
    body: { message: 'none.txt: no such file or folder' },
  })
  expect(await readdir(it.home)).toContain('one.txt')
  expect(await contents(it)).toEqual([])
})

test('deletes for good: one, all, or at once, however deep and however protected', async () => {
  await using it = await bootFiles()
  const outside = join(it.home, '../outside')
  await mkdir(outside)
  await writeFile(join(outside, 'kept'), 'kept')
  for (const name of ['one', 'two', 'three']) {
    await it.write(`${name}/cache/x/y`, 'y')
    await chmod(it.at(`${name}/cache/x`), 0o555)
    await chmod(it.at(`${name}/cache`), 0o555)
    await symlink(outside, it.at(`${name}/way-out`))
  }
  const [one] = [await put(it, 'one'), await put(it, 'two')]
  expect((await it.remove(`trash/${one}`)).status).toBe(204)
  expect((await contents(it)).map(({ entries }) => entries[0]?.wasAt)).toEqual(['two'])
  expect((await it.remove('trash')).status).toBe(204)
  expect((await it.post('delete', { paths: ['three'] })).status).toBe(204)
  expect(await contents(it)).toEqual([])
  expect(await readdir(it.at('.trash'))).toEqual([])
  expect(await readdir(it.at('.uploads'))).toEqual([])
  expect(await readdir(outside)).toEqual(['kept'])
})

test('refuses the home itself, its own folders and ids that are none', async () => {
  await using it = await bootFiles()
  await it.write('one.txt')
  await put(it, 'one.txt')
  for (const path of ['', '.trash', '.uploads', '.trash/x']) {
    expect((await it.post('trash', { paths: [path] })).status, path).toBe(403)
    expect((await it.post('delete', { paths: [path] })).status, path).toBe(403)
  }
  expect((await it.post('trash', { paths: [] })).status).toBe(400)
  for (const id of ['..', '.', '../notes', 'x', '20250301T120000000Z-00000000']) {
    expect((await it.post('restore', { id })).status, id).toBe(404)
    expect((await it.remove(`trash/${encodeURIComponent(id)}`)).status, id).toBeGreaterThanOrEqual(404)
  }
  expect(await readdir(it.home)).toContain('notes')
})

test('is not led elsewhere by what somebody put into it', async () => {
  await using it = await bootFiles()
  await it.write('one.txt')
  const id = await put(it, 'one.txt')
  const entries = [{ wasAt: '../../escaped', kind: 'file', size: 1 }]
  await writeFile(it.at(`.trash/${id}/record.json`), JSON.stringify({ trashedAt: 'x', entries }))
  expect((await it.post('restore', { id })).as(restored).entries).toEqual([
    { wasAt: '../../escaped', path: 'escaped' },
  ])
  await mkdir(it.at('.trash/20250301T120000000Z-00000000'))
  await writeFile(it.at('.trash/20250301T120000000Z-00000000/record.json'), '{')
  expect(await contents(it)).toEqual([])
  await rm(it.at('.trash'), { recursive: true })
  await symlink('/tmp', it.at('.trash'))
  await it.write('two.txt')
  expect(await it.post('trash', { paths: ['two.txt'] })).toMatchObject({ status: 409 })
  expect(await readdir(it.home)).toContain('two.txt')
})

test('deletes a folder for good, and says what there is, where there is no room for a folder of its own', async () => {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  await mkdir(join(root, 'big/sub/deep'), { recursive: true })
  await writeFile(join(root, 'big/sub/deep/file'), 'x')
  await writeFile(join(root, 'big/file'), 'x')
  const real = openTree({ root })
  const noRoom = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  // What is made at the top of the home is made through this.
  const full: Tree = { ...real, pin: (path) => (path === '' ? Promise.reject(noRoom) : real.pin(path)) }
  await deletePaths(full, ['big'])
  expect(await readdir(root)).toEqual([])
  const options = { tree: full, now: () => new Date(0), oneAtATime: createGate() }
  const trash = createTrash(options)
  expect(await trash.list()).toEqual({ items: [] })
  await trash.remove()
  expect(await createUploads(options).list()).toEqual([])
})

/** The home at `root`, which does something more at the `count`th look at an entry. */
function lookingIn(root: string, count: number, doSomething: () => void): Tree {
  const real = openTree({ root })
  let looks = 0
  const look = () => {
    if (++looks === count) doSomething()
  }
  return {
    ...real,
    async spot(path) {
      const spot = await real.spot(path)
      look()
      // Enough for whatever does not wait its turn.
      for (let turn = 0; looks >= count && turn < 50; turn++) await stat(root)
      return spot
    },
  }
}

test.each(['', 'the one'])('empties the trash of %s what goes in meanwhile as a whole', async (which) => {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  for (const name of ['one', 'two', 'three']) await writeFile(join(root, name), name)
  const removals: Promise<void>[] = []
  // Each is looked at once before anything moves, and once when it does.
  const tree = lookingIn(root, 5, () => {
    const id = readdirSync(join(root, '.trash'))[0]
    removals.push(which === '' ? trash.remove() : trash.remove(id))
  })
  const trash = createTrash({ tree, now: () => new Date(0), oneAtATime: createGate() })
  await trash.put(['one', 'two', 'three'])
  expect(removals).toHaveLength(1)
  await Promise.all(removals)
  expect(await trash.list()).toEqual({ items: [] })
  expect(await readdir(join(root, '.uploads'))).toEqual([])
  expect((await readdir(root)).sort()).toEqual(['.trash', '.uploads'])
})

test('lets come back what is on its way when the trash is emptied', async () => {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  for (const name of ['one', 'two', 'three']) await mkdir(join(root, 'box', name), { recursive: true })
  const removals: Promise<void>[] = []
  let isComingBack = false
  const real = openTree({ root })
  const tree: Tree = {
    ...real,
    async pin(path) {
      const pin = await real.pin(path)
      if (!isComingBack || path !== 'box') return pin
      if (removals.length === 0) removals.push(trash.remove())
      for (let turn = 0; turn < 50; turn++) await stat(root)
      return pin
    },
  }
  const trash = createTrash({ tree, now: () => new Date(0), oneAtATime: createGate() })
  const id = await trash.put(['box/one', 'box/two', 'box/three'])
  isComingBack = true
  expect((await trash.restore(id)).entries).toHaveLength(3)
  await Promise.all(removals)
  expect((await readdir(join(root, 'box'))).sort()).toEqual(['one', 'three', 'two'])
})

test('tells what is in it while some of that goes', async () => {
  await using it = await bootFiles()
  for (let number = 0; number < 20; number++) {
    await it.write(`${number}.txt`)
    await put(it, `${number}.txt`)
  }
  const items = await contents(it)
  const [lists] = await Promise.all([
    Promise.all(items.map(() => it.get('trash'))),
    Promise.all(items.map(({ id }) => it.remove(`trash/${id}`))),
    it.remove('trash'),
  ])
  expect(lists.map(({ status }) => status)).toEqual(lists.map(() => 200))
})
