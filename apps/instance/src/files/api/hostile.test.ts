import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { listing, located, restored, trashed, upload } from './protocol.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>

const NAMES = [
  'two\nlines\r\n.txt',
  '.. ',
  '...',
  '%2e%2e%2f',
  '..%2f..%2fetc%2fpasswd',
  'a\\b',
  '~',
  '-rf',
  '$(id)`id`;&|<>"\'*?',
  '\u202efdp.exe',
  '\ufeff\u200b',
  'e\u0301',
  '\u00e9',
  '\u{1f600}',
  'CON',
  '__proto__',
  'a'.repeat(255),
  '\u0001\u001b[31m',
  '\uef80\uefff',
]

async function everything(it: Booted, name: string) {
  const path = `box/${name}`
  expect((await it.put(path, 'text', { 'if-none-match': '*' })).as(located)).toMatchObject({ name, path })
  expect((await it.get('content', { path })).text).toBe('text')
  expect((await it.get('list', { path: 'box' })).as(listing).entries.map((one) => one.name)).toEqual([name])
  const { id } = (await it.post('trash', { paths: [path] })).as(trashed)
  expect((await it.get('list', { path: 'box' })).as(listing).entries).toEqual([])
  expect((await it.post('restore', { id })).as(restored).entries).toEqual([{ wasAt: path, path }])
  expect((await it.post('copy', { from: path, to: 'box/copy' })).status).toBe(201)
  expect((await it.post('delete', { paths: [path] })).status).toBe(204)
  expect((await it.post('move', { from: 'box/copy', to: path })).as(located).name).toBe(name)
  expect(
    (await it.get('search', { query: name.slice(0, 100).trim() || name, in: 'names' })).status,
  ).toBeLessThan(500)
}

test.each(NAMES)('does everything with a file named %j', async (name) => {
  await using it = await bootFiles()
  await mkdir(it.at('box'))
  await everything(it, name)
})

test('reaches a name that is not valid UTF-8, and can give it another', async () => {
  await using it = await bootFiles()
  await mkdir(it.at('box'))
  const raw = (...bytes: number[]) => Buffer.concat([Buffer.from(it.at('box/')), Buffer.from(bytes)])
  await mkdir(raw(0x66, 0xff))
  await writeFile(Buffer.concat([raw(0x66, 0xff), Buffer.from('/'), Buffer.from([0xc3, 0x28])]), 'inside')
  const [folder] = (await it.get('list', { path: 'box' })).as(listing).entries
  expect(folder).toMatchObject({ name: 'f\uefff', kind: 'folder' })
  const path = 'box/f\uefff/\uefc3('
  expect((await it.get('content', { path })).text).toBe('inside')
  expect((await it.get('search', { query: 'inside', in: 'contents' })).text).toContain(
    '"path":"box/f\uefff/\uefc3("',
  )
  const { id } = (await it.post('trash', { paths: ['box/f\uefff'] })).as(trashed)
  await it.post('restore', { id })
  expect(await readdir(it.at('box'), { encoding: 'buffer' })).toEqual([Buffer.from([0x66, 0xff])])
  expect((await it.post('move', { from: path, to: 'box/good.txt' })).status).toBe(201)
  expect(await readFile(it.at('box/good.txt'), 'utf8')).toBe('inside')
  // Half of a surrogate pair is no character at all.
  expect((await it.post('file', { path: 'box/\ud800' })).status).toBe(400)
})

test.each(['..', '../x', 'a/../../x', '/etc/passwd', 'a//b', 'a/./b', 'a/', 'a\0b', '.', './x'])(
  'refuses the path %j everywhere',
  async (path) => {
    await using it = await bootFiles()
    await it.write('a/x')
    const before = await readdir(join(it.home, '..'))
    for (const way of ['list', 'stat', 'content', 'archive', 'search']) {
      expect((await it.get(way, { path, query: 'x', in: 'names' })).status, way).toBe(400)
    }
    for (const way of ['folder', 'file', 'trash', 'delete', 'uploads']) {
      expect((await it.post(way, { path, paths: [path], size: 0 })).status, way).toBeGreaterThanOrEqual(400)
    }
    expect((await it.post('move', { from: 'a/x', to: path })).status).toBe(400)
    expect((await it.post('copy', { from: path, to: 'new' })).status).toBe(400)
    expect((await it.put(path, 'x', { 'if-none-match': '*' })).status).toBe(400)
    expect(await readdir(join(it.home, '..'))).toEqual(before)
    expect(await readFile(it.at('a/x'), 'utf8')).toBe('a/x')
  },
)

test('waits for no pipe and for no device', async () => {
  await using it = await bootFiles()
  await mkdir(it.at('box'))
  execFileSync('mkfifo', [it.at('box/pipe')])
  const server = createServer().listen(it.at('box/socket'))
  await once(server, 'listening')
  await symlink('/dev/zero', it.at('box/zero'))
  await symlink('/proc/self/mem', it.at('box/mem'))
  expect((await it.get('content', { path: 'box/pipe' })).status).toBe(415)
  expect((await it.get('content', { path: 'box/socket' })).status).toBe(415)
  expect((await it.put('box/socket', 'x', { 'if-none-match': '*' })).status).toBe(409)
  expect((await it.get('content', { path: 'box/zero' })).status).toBe(403)
  expect((await it.get('content', { path: 'box/mem' })).status).toBe(403)
  expect((await it.put('box/pipe', 'x', { 'if-none-match': '*' })).status).toBe(409)
  expect((await it.get('search', { query: 'x', in: 'contents', path: 'box' })).text).toContain('"done"')
  expect((await it.get('archive', { path: 'box' })).status).toBe(200)
  expect((await it.post('copy', { from: 'box', to: 'copy' })).status).toBe(201)
  const { id } = (await it.post('trash', { paths: ['box/pipe', 'box/socket', 'box/zero'] })).as(trashed)
  expect((await it.post('restore', { id })).status).toBe(200)
  expect((await readdir(it.at('copy'))).sort()).toEqual(['mem', 'zero'])
  server.close()
})

test('walks 1,000 levels deep, and throws them away', async () => {
  await using it = await bootFiles()
  const levels = Array(1_000).fill('d').join('/')
  await it.write(`deep/${levels}/bottom.txt`, 'needle')
  expect((await it.get('search', { query: 'needle', in: 'contents' })).text).toContain('bottom.txt')
  expect((await it.get('content', { path: `deep/${levels}/bottom.txt` })).text).toBe('needle')
  expect((await it.post('copy', { from: 'deep', to: 'copy' })).status).toBe(201)
  expect((await stat(it.at(`copy/${levels}/bottom.txt`))).size).toBe(6)
  expect((await it.get('archive', { path: 'deep' })).text).toContain('bottom.txt')
  expect((await it.post('delete', { paths: ['copy'] })).status).toBe(204)
  const { id } = (await it.post('trash', { paths: ['deep'] })).as(trashed)
  expect((await it.remove(`trash/${id}`)).status).toBe(204)
  expect(await readdir(it.at('.uploads'))).toEqual([])
})

test('throws away what is deeper than any path can say, and says so of the path', async () => {
  await using it = await bootFiles()
  const make =
    'import os\nfor _ in range(60):\n os.mkdir("d"*200)\n os.chdir("d"*200)\nopen("bottom","w").close()'
  await mkdir(it.at('abyss'))
  execFileSync('python3', ['-c', make], { cwd: it.at('abyss') })
  const path = `abyss/${Array(60).fill('d'.repeat(200)).join('/')}`
  expect(await it.get('list', { path })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('too long') },
  })
  expect((await it.get('search', { query: 'bottom', in: 'names' })).text).toMatch(/"skipped":1}/)
  expect((await it.post('delete', { paths: ['abyss'] })).status).toBe(204)
  expect(await readdir(it.at('.uploads'))).toEqual([])
})

test('lets nothing in from outside while links take the places of folders', async () => {
  await using it = await bootFiles()
  const outside = join(it.home, '../outside')
  await mkdir(join(outside, 'sub'), { recursive: true })
  await writeFile(join(outside, 'sub/secret.txt'), 'hidden treasure')
  for (let i = 0; i < 20; i++) await it.write(`box/f${i}/sub/plain.txt`, 'plain')
  await symlink(outside, it.at('box/link'))
  let isOver = false
  const swapping = (async () => {
    for (let i = 0; !isOver; i = (i + 1) % 20) {
      await rename(it.at(`box/f${i}`), it.at('kept'))
      await rename(it.at('box/link'), it.at(`box/f${i}`))
      await rename(it.at(`box/f${i}`), it.at('box/link'))
      await rename(it.at('kept'), it.at(`box/f${i}`))
    }
  })()
  for (let round = 0; round < 15; round++) {
    const found = await it.get('search', { query: 'treasure', in: 'contents', path: 'box' })
    expect(found.text).not.toContain('secret')
    expect((await it.get('archive', { path: 'box' })).text).not.toContain('secret.txt')
    const copy = await it.post('copy', { from: 'box', to: `copy${round}` })
    // Whole, or not at all.
    expect([201, 400, 403, 404]).toContain(copy.status)
    const path = `box/f${round}/sub/secret.txt`
    expect([403, 404]).toContain((await it.get('content', { path })).status)
    await it.put(`box/f${round}/sub/planted.txt`, 'planted', { 'if-none-match': '*' })
    await it.post('delete', { paths: [path] })
  }
  isOver = true
  await swapping
  const copied = await promisify(execFile)('grep', ['-rl', 'treasure', it.home]).catch(() => ({ stdout: '' }))
  expect(copied.stdout).toBe('')
  expect(await readdir(join(outside, 'sub'))).toEqual(['secret.txt'])
  expect(await readFile(join(outside, 'sub/secret.txt'), 'utf8')).toBe('hidden treasure')
})

const GB = 1024 ** 3

test('sends any part of a file of 2 GB, and takes the offset of one', async () => {
  await using it = await bootFiles()
  await it.write('large.bin', '')
  await truncate(it.at('large.bin'), 2 * GB)
  const part = await it.get('content', { path: 'large.bin' }, { headers: { range: `bytes=${2 * GB - 4}-` } })
  expect([part.status, part.text, part.headers.get('content-range')]).toEqual([
    206,
    '\0\0\0\0',
    `bytes ${2 * GB - 4}-${2 * GB - 1}/${2 * GB}`,
  ])
  const { id } = (await it.post('uploads', { path: 'up.bin', size: 2 * GB })).as(upload)
  await truncate(it.at(`.uploads/${id}/data`), 2 * GB - 3)
  const last = it.fileUrl(`uploads/${id}`, { offset: String(2 * GB - 3) })
  expect((await it.send(last, { method: 'PATCH', body: 'end' })).as(upload).offset).toBe(2 * GB)
  expect((await it.post(`uploads/${id}/finish`, {})).as(located).size).toBe(2 * GB)
})

test('understands no request that is none', async () => {
  await using it = await bootFiles()
  for (const body of [
    '',
    '{',
    '[]',
    '"x"',
    'null',
    '{"path":1}',
    '{"path":null}',
    `{"path":"${'x'.repeat(20_000)}"}`,
  ]) {
    expect((await it.send(it.fileUrl('folder'), { method: 'POST', body })).status, body.slice(0, 20)).toBe(
      400,
    )
  }
  const huge = 'x'.repeat(5 * 1024 * 1024)
  expect((await it.send(it.fileUrl('folder'), { method: 'POST', body: huge })).status).toBe(413)
  expect(it.logged).toEqual([])
})
