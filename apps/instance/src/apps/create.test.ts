import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGate } from '../files/api/gate.ts'
import { openTree } from '../files/api/tree.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { createApp, nameFor } from './create.ts'

const HELLO = { name: 'hello', manifest: { name: 'Hello' }, files: { 'index.html': 'hi', 'js/a/b.js': 'b' } }

async function home() {
  const folder = await temporaryFolder()
  const tree = openTree({ root: folder.path })
  const create = (app: Partial<typeof HELLO> = {}) => createApp(tree, { ...HELLO, ...app }, createGate())
  return { path: folder.path, create, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

test('makes the folder with all that is in it', async () => {
  await using at = await home()
  await at.create()
  const app = join(at.path, 'apps/hello')
  expect(JSON.parse(await readFile(join(app, 'app.json'), 'utf8'))).toEqual({ name: 'Hello' })
  expect(await readFile(join(app, 'js/a/b.js'), 'utf8')).toBe('b')
  expect(await readdir(join(at.path, '.uploads'))).toEqual([])
})

test('leaves an app of that name as it is', async () => {
  await using at = await home()
  await at.create()
  await expect(at.create({ files: { 'index.html': 'other', 'js/a/b.js': '' } })).rejects.toMatchObject({
    status: 409,
    message: 'hello: it already exists',
  })
  expect(await readFile(join(at.path, 'apps/hello/index.html'), 'utf8')).toBe('hi')
  expect(await readdir(join(at.path, '.uploads'))).toEqual([])
})

test.each([
  ['a name that fits no address', { name: 'Hello World' }],
  ['a manifest that says nothing', { manifest: { name: '' } }],
  ['a file outside', { files: { 'index.html': '', 'js/a/b.js': '', '../x': '' } }],
])('refuses %s', async (_, app) => {
  await using at = await home()
  await expect(at.create(app)).rejects.toMatchObject({ status: 400 })
  expect(await readdir(at.path)).not.toContain('apps')
})

test('makes nothing where a link of the folder’s name leads out', async () => {
  await using at = await home()
  await using elsewhere = await temporaryFolder()
  await mkdir(join(elsewhere.path, 'apps'))
  await symlink(join(elsewhere.path, 'apps'), join(at.path, 'apps'))
  await expect(at.create()).rejects.toMatchObject({ status: 403 })
  expect(await readdir(join(elsewhere.path, 'apps'))).toEqual([])
})

test.each([
  ['My first game!', 'my-first-game'],
  ['Tic-Tac-Toe', 'tic-tac-toe'],
  ['2048', 'app-2048'],
  ['Ö', 'app-o'],
  ['象棋', 'app'],
  ['a -- b', 'a-b'],
  ['A very long title that goes on and on', 'a-very-long-title-that-g'],
])('makes of %s the name %s', (title, name) => {
  expect(nameFor(title, () => false)).toBe(name)
})

test('takes the next name that is free', () => {
  const taken = ['notes', 'notes-2']
  expect(nameFor('Notes', (name) => taken.includes(name))).toBe('notes-3')
})
