import { execFileSync } from 'node:child_process'
import { chmod, link, lstat, mkdir, readdir, readFile, readlink, stat, symlink } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { located } from './protocol.ts'

test('makes folders with those above, and files, and never over anything', async () => {
  await using it = await bootFiles()
  expect((await it.post('folder', { path: 'a/b/c' })).as(located)).toMatchObject({
    path: 'a/b/c',
    kind: 'folder',
  })
  expect((await it.post('file', { path: 'a/b/c/x.txt' })).as(located)).toMatchObject({
    kind: 'file',
    size: 0,
  })
  for (const kind of ['folder', 'file']) {
    for (const path of ['a/b', 'a/b/c/x.txt']) {
      expect((await it.post(kind, { path })).status, `${kind} ${path}`).toBe(409)
    }
  }
  await symlink('/tmp/mosi-never-made', it.at('dangling'))
  expect((await it.post('file', { path: 'dangling' })).status).toBe(409)
  expect((await it.post('folder', { path: 'a/b/c/x.txt/d' })).status).toBe(409)
  expect((await it.post('file', { path: '' })).status).toBe(403)
})

test('renames and moves, links themselves too, and takes nobody’s place', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', '1')
  await it.write('b/two.txt', '2')
  await symlink('/etc/passwd', it.at('way-out'))
  const moved = await it.post('move', { from: 'a/one.txt', to: 'b/three.txt' })
  expect(moved.as(located)).toMatchObject({ path: 'b/three.txt', name: 'three.txt' })
  expect((await it.post('move', { from: 'way-out', to: 'b/link' })).status).toBe(201)
  expect(await readlink(it.at('b/link'))).toBe('/etc/passwd')
  expect(await it.post('move', { from: 'b/three.txt', to: 'b/two.txt' })).toMatchObject({
    status: 409,
    body: { message: 'b/two.txt: it already exists' },
  })
  expect(await readFile(it.at('b/two.txt'), 'utf8')).toBe('2')
  // An empty folder in the place of another would be replaced by a plain rename.
  await mkdir(it.at('empty'))
  await mkdir(it.at('other'))
  expect((await it.post('move', { from: 'other', to: 'empty' })).status).toBe(409)
  expect((await it.post('move', { from: 'b', to: 'b/inside' })).status).toBe(400)
  expect((await it.post('move', { from: 'b', to: 'none/b' })).status).toBe(404)
  expect((await it.post('move', { from: 'none', to: 'c' })).status).toBe(404)
  expect((await it.post('move', { from: '', to: 'c' })).status).toBe(403)
  expect((await it.post('move', { from: 'b', to: 'b' })).status).toBe(201)
})

test('keeps names apart that differ in case alone', async () => {
  await using it = await bootFiles()
  await it.write('plan.txt', 'small')
  expect((await it.post('move', { from: 'plan.txt', to: 'Plan.txt' })).as(located).name).toBe('Plan.txt')
  await it.write('plan.txt', 'another')
  expect((await it.post('move', { from: 'plan.txt', to: 'Plan.txt' })).status).toBe(409)
  // Two names of one file are no rename of case, and a rename would leave both.
  await link(it.at('Plan.txt'), it.at('PLAN.txt'))
  expect((await it.post('move', { from: 'Plan.txt', to: 'PLAN.txt' })).status).toBe(409)
  expect(await readFile(it.at('Plan.txt'), 'utf8')).toBe('small')
})

test('moves a folder that is read-only, and leaves it so', async () => {
  await using it = await bootFiles()
  await it.write('cache/x', '1')
  await chmod(it.at('cache'), 0o555)
  await mkdir(it.at('to'))
  expect((await it.post('move', { from: 'cache', to: 'to/cache' })).status).toBe(201)
  expect((await stat(it.at('to/cache'))).mode & 0o777).toBe(0o555)
})

test('copies a tree with modes and links as links, and follows none', async () => {
  await using it = await bootFiles()
  await it.write('src/deep/run.sh', '#!')
  await chmod(it.at('src/deep/run.sh'), 0o750)
  await chmod(it.at('src/deep'), 0o555)
  await symlink('/etc', it.at('src/way-out'))
  await symlink('deep/run.sh', it.at('src/inside'))
  execFileSync('mkfifo', [it.at('src/pipe')])
  expect((await it.post('copy', { from: 'src', to: 'dst' })).as(located)).toMatchObject({
    path: 'dst',
    kind: 'folder',
  })
  expect((await readdir(it.at('dst'))).sort()).toEqual(['deep', 'inside', 'way-out'])
  expect(await readlink(it.at('dst/way-out'))).toBe('/etc')
  expect((await stat(it.at('dst/deep/run.sh'))).mode & 0o777).toBe(0o750)
  expect((await stat(it.at('dst/deep'))).mode & 0o777).toBe(0o555)
  expect((await it.post('copy', { from: 'src/way-out', to: 'link' })).status).toBe(201)
  expect((await lstat(it.at('link'))).isSymbolicLink()).toBe(true)
  expect((await it.post('copy', { from: 'src/pipe', to: 'pipe' })).status).toBe(415)
  expect((await it.post('copy', { from: 'src', to: 'dst' })).status).toBe(409)
  expect((await it.post('copy', { from: 'src', to: 'src/deep/src' })).status).toBe(400)
  expect(await readdir(it.at('.uploads'))).toEqual([])
})
