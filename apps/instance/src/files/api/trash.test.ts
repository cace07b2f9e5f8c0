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
