import { mkdir, readdir, readFile, symlink, truncate } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { REQUEST_HEADER } from '../../protocol.ts'
import { bootFiles } from '../../testing/files.ts'
import { listing, WATCHED_AT_MOST } from './protocol.ts'

const EXTERNAL = 'https://alice.example.org'
const CHANGES = [
  ['PUT', 'content?path=new.txt'],
  ['POST', 'folder'],
  ['POST', 'file'],
  ['POST', 'move'],
  ['POST', 'copy'],
  ['POST', 'delete'],
  ['POST', 'trash'],
  ['POST', 'restore'],
  ['DELETE', 'trash'],
  ['DELETE', 'trash/x'],
  ['POST', 'uploads'],
  ['PATCH', 'uploads/x?offset=0'],
  ['POST', 'uploads/x/finish'],
  ['DELETE', 'uploads/x'],
] as const

const BODY = JSON.stringify({
  path: 'new.txt',
  from: 'plan.txt',
  to: 'new.txt',
  paths: ['plan.txt'],
  id: 'x',
  size: 1,
})
const ask = (method: string, headers: Record<string, string>) => ({
  method,
  headers: { 'if-none-match': '*', ...headers },
  ...(method === 'DELETE' ? {} : { body: BODY }),
})

test.each(CHANGES)('lets no other site’s page %s %s', async (method, path) => {
  await using it = await bootFiles({ externalOrigin: EXTERNAL })
  await it.write('plan.txt')
  const url = it.url(`/api/files/${path}`)
  for (const headers of [
    { origin: 'https://eve.example.org', [REQUEST_HEADER]: '1' },
    { origin: 'null', [REQUEST_HEADER]: '1' },
    // A form can be sent without asking, but not with a header of its own.
    { origin: EXTERNAL },
    { origin: EXTERNAL, [REQUEST_HEADER]: '0' },
    {},
  ]) {
    const answer = await fetch(url, ask(method, { ...headers }))
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { message: 'Only this computer’s own page can do this.' },
    ])
  }
  expect(await readdir(it.home)).not.toContain('new.txt')
  expect(await readFile(it.at('plan.txt'), 'utf8')).toBe('plan.txt')
  const own = await fetch(url, ask(method, { origin: EXTERNAL, [REQUEST_HEADER]: '1' }))
  expect(own.status).not.toBe(403)
})

const viewer = { 'x-mos-role': 'viewer', 'x-mos-user': 'bob', [REQUEST_HEADER]: '1' }

const OWN = [...CHANGES, ['GET', 'trash'], ['GET', 'uploads'], ['GET', 'uploads/x']] as const

test.each(OWN)('lets no viewer %s %s', async (method, path) => {
  await using it = await bootFiles()
  await it.write('plan.txt')
  const init = method === 'GET' ? { headers: viewer } : ask(method, viewer)
  const answer = await fetch(it.url(`/api/files/${path}`), init)
  expect([answer.status, await answer.json()]).toEqual([
    403,
    { message: 'Only the owner of this computer can do this.' },
  ])
  expect(await readFile(it.at('plan.txt'), 'utf8')).toBe('plan.txt')
})

test('lets a viewer read what is neither hidden nor private, by any way', async () => {
  await using it = await bootFiles()
  await it.write('plan.txt', 'needle')
  await it.write('notes/pad.md', 'needle')
  await it.write('.token', 'needle')
  await it.write('open/.hidden/x', 'needle')
  await symlink('notes/pad.md', it.at('link.md'))
  await symlink('.token', it.at('token'))
  await symlink('../notes', it.at('open/notes'))
  const as = (path: string, query: Record<string, string>, permissions = '') =>
    it.get(path, query, { headers: { ...viewer, 'x-mos-permissions': permissions } })
  expect(await as('content', { path: 'plan.txt' })).toMatchObject({ status: 200, text: 'needle' })
  for (const path of ['notes/pad.md', '.token', 'link.md', 'token', 'open/notes/pad.md', 'open/.hidden/x']) {
    for (const way of ['content', 'list', 'archive']) {
      expect((await as(way, { path })).status, `${way} ${path}`).toBe(403)
    }
  }
  expect((await as('stat', { path: '.token' })).status).toBe(403)
  const { entries } = (await as('list', { path: '' })).as(listing)
  const told = new Map(entries.map(({ name, leadsTo }) => [name, leadsTo]))
  expect([told.has('plan.txt'), told.has('notes'), told.has('.token')]).toEqual([true, false, false])
  expect([told.get('link.md'), told.get('token')]).toEqual([null, null])
  const found = (await as('search', { query: 'needle', in: 'contents' })).text
  expect(found.match(/"path":"[^"]*"/g)).toEqual(['"path":"plan.txt"'])
  expect((await as('search', { query: 'token', in: 'names' })).text).not.toContain('.token')
  const zip = (await as('archive', { path: '' })).text
  expect([zip.includes('plan.txt'), zip.includes('pad.md'), zip.includes('.token')]).toEqual([
    true,
    false,
    false,
  ])
  expect((await as('content', { path: 'notes/pad.md' }, 'notes')).status).toBe(200)
})

test('tells a viewer nothing of what the owner has open', async () => {
  await using it = await bootFiles()
  await it.write('system/shell.json', '"needle"')
  await it.write('system/shell.damaged.json', '"needle"')
  await it.write('system/shell.json.txt', 'open')
  const as = (path: string, query: Record<string, string>) => it.get(path, query, { headers: viewer })
  for (const path of ['system/shell.json', 'system/shell.damaged.json']) {
    for (const way of ['content', 'stat', 'archive']) {
      expect((await as(way, { path })).status, `${way} ${path}`).toBe(403)
    }
  }
  expect((await as('search', { query: 'needle', in: 'contents' })).text).not.toContain('shell')
  expect((await as('content', { path: 'system/shell.json.txt' })).text).toBe('open')
  const names = (await as('list', { path: 'system' })).as(listing).entries.map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('shell'))).toEqual(['shell.json.txt'])
  expect((await it.get('content', { path: 'system/shell.json' })).status).toBe(200)
})

test('lets a viewer watch what they may read', async () => {
  await using it = await bootFiles()
  await it.write('.secret/x')
  const socket = await it.open('/ws/files', { headers: viewer })
  socket.send({ type: 'watch', paths: ['', 'notes', '.secret'] })
  expect(await socket.next()).toMatchObject({
    refused: [{ path: 'notes' }, { path: '.secret' }],
  })
})

test('keeps nothing from the owner, whatever viewers hold up', async () => {
  await using it = await bootFiles()
  // Stored as it is, and larger than what lies between the two ends of a connection.
  await it.write('film.mp4', '')
  await truncate(it.at('film.mp4'), 64 * 1024 * 1024)
  await it.write('plan.txt')
  const url = it.fileUrl('archive', { path: 'film.mp4' })
  const stalled = new AbortController()
  const [first, second, third] = [
    await fetch(url, { headers: viewer, signal: stalled.signal }),
    await fetch(url, { headers: viewer, signal: stalled.signal }),
    await fetch(url, { headers: viewer, signal: stalled.signal }),
  ]
  expect([first.status, second.status, third.status]).toEqual([200, 200, 429])
  expect((await it.get('archive', { path: 'plan.txt' })).status).toBe(200)
  stalled.abort()

  const folders = Array.from({ length: 512 }, (_, number) => `many/${number}`)
  for (const folder of folders) await mkdir(it.at(folder), { recursive: true })
  for (let at = 0; at < folders.length; at += WATCHED_AT_MOST) {
    const socket = await it.open('/ws/files', { headers: viewer })
    socket.send({ type: 'watch', paths: folders.slice(at, at + WATCHED_AT_MOST) })
    await socket.next()
  }
  const own = await it.open('/ws/files')
  own.send({ type: 'watch', paths: [''] })
  expect(await own.next()).toEqual({ type: 'watching', refused: [] })
})

test('has nothing for strangers, for apps and for other methods', async () => {
  await using it = await bootFiles({ authToken: 'secret' })
  const headers = { authorization: 'Bearer secret' }
  expect((await it.get('list', { path: '' })).status).toBe(401)
  expect((await it.get('list', { path: '' }, { headers })).status).toBe(200)
  expect(
    (await it.get('list', { path: '' }, { headers: { ...headers, 'x-mos-role': 'visitor' } })).status,
  ).toBe(401)
  expect((await it.get('list', { path: '' }, { headers: { ...headers, 'x-mos-app': 'todo' } })).status).toBe(
    401,
  )
  await expect(it.open('/ws/files', { headers: { ...headers, 'x-mos-app': 'todo' } })).rejects.toThrow('401')
  const wrong = await it.get('content', { path: 'a' }, { method: 'DELETE', headers })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT'])
  expect((await it.get('nothing', {}, { headers })).status).toBe(404)
  expect((await it.get('uploads//finish', {}, { method: 'POST', headers })).status).toBe(405)
})

test('keeps no file open after any of it', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt')
  await symlink('/etc', it.at('out'))
  const open = async () => (await readdir('/proc/self/fd')).length
  const round = async () => {
    for (const path of ['', 'a', 'a/one.txt', 'none', 'out', '../x', 'a/one.txt/x']) {
      for (const way of ['list', 'stat', 'content', 'archive', 'search']) {
        await it.get(way, { path, query: 'x', in: 'contents' })
      }
      for (const way of ['folder', 'file', 'move', 'copy', 'trash']) {
        await it.post(way, { path, from: path, to: `${path}2`, paths: [path] })
      }
      await it.put(path, 'x', { 'if-none-match': '*' })
    }
  }
  await round()
  const before = await open()
  await round()
  await round()
  await expect.poll(open).toBeLessThanOrEqual(before + 2)
})
