import { once } from 'node:events'
import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { FILES_API, REQUEST_HEADER } from '../../protocol.ts'
import { bootFiles } from '../../testing/files.ts'
import { CHUNK_BYTES, located } from './protocol.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>
const versionOf = async (it: Booted, path: string) => (await it.get('stat', { path })).as(located).version
const staged = (it: Booted) => readdir(it.at('.uploads')).catch(() => [])

test('replaces the version that was seen, with its mode, and tells the new one', async () => {
  await using it = await bootFiles()
  await writeFile(it.at('run.sh'), 'old', { mode: 0o755 })
  const answer = await it.put('run.sh', 'new', { 'if-match': `"${await versionOf(it, 'run.sh')}"` })
  expect(answer.status).toBe(200)
  expect(answer.as(located)).toMatchObject({
    path: 'run.sh',
    size: 3,
    version: await versionOf(it, 'run.sh'),
  })
  expect(await readFile(it.at('run.sh'), 'utf8')).toBe('new')
  expect((await stat(it.at('run.sh'))).mode & 0o777).toBe(0o755)
  expect(await staged(it)).toEqual([])
})

test('refuses a stale version with the one that is there, and loses nothing', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', 'first')
  const seen = await versionOf(it, 'a.txt')
  // A program writes in place, to the same length.
  await writeFile(it.at('a.txt'), 'other')
  const answer = await it.put('a.txt', 'mine', { 'if-match': `"${seen}"` })
  expect(answer).toMatchObject({ status: 412, body: { version: await versionOf(it, 'a.txt') } })
  expect(await readFile(it.at('a.txt'), 'utf8')).toBe('other')
  expect(await staged(it)).toEqual([])
})

test('notices what was changed while the new text was still on its way', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', 'first')
  const sent = request(it.fileUrl('content', { path: 'a.txt' }), {
    method: 'PUT',
    headers: { 'if-match': `"${await versionOf(it, 'a.txt')}"`, [REQUEST_HEADER]: '1' },
  })
  sent.write('the first half, ')
  await expect.poll(() => staged(it)).toHaveLength(1)
  await writeFile(it.at('a.txt'), 'by the terminal')
  sent.end('the second')
  const [response] = await once(sent, 'response')
  expect(response.statusCode).toBe(412)
  expect(await readFile(it.at('a.txt'), 'utf8')).toBe('by the terminal')
})

test('leaves the file alone when its writer goes away half-way', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', 'first')
  const sent = request(it.fileUrl('content', { path: 'a.txt' }), {
    method: 'PUT',
    headers: {
      'if-match': `"${await versionOf(it, 'a.txt')}"`,
      [REQUEST_HEADER]: '1',
      'content-length': '100',
    },
  })
  sent.on('error', () => undefined)
  sent.write('half')
  await expect.poll(() => staged(it)).toHaveLength(1)
  sent.destroy()
  await expect.poll(() => staged(it)).toEqual([])
  expect(await readFile(it.at('a.txt'), 'utf8')).toBe('first')
  expect(it.logged).toEqual([])
})

test('makes a file only where nothing is, with its folders when asked to', async () => {
  await using it = await bootFiles()
  const create = { 'if-none-match': '*' }
  expect((await it.put('new.txt', 'a', create)).status).toBe(201)
  expect(await it.put('new.txt', 'b', create)).toMatchObject({
    status: 412,
    body: { version: await versionOf(it, 'new.txt') },
  })
  expect(await readFile(it.at('new.txt'), 'utf8')).toBe('a')
  expect((await it.put('deep/er/new.txt', 'c', create)).status).toBe(404)
  const withFolders = it.fileUrl('content', { path: 'deep/er/new.txt', folders: '1' })
  expect((await it.send(withFolders, { method: 'PUT', body: 'c', headers: create })).status).toBe(201)
  expect(await readFile(it.at('deep/er/new.txt'), 'utf8')).toBe('c')
})

test('lets one of many who create the same file at once win, whole', async () => {
  await using it = await bootFiles()
  const texts = Array.from({ length: 12 }, (_, i) => `${i}`.repeat(10_000))
  const answers = await Promise.all(texts.map((text) => it.put('race.txt', text, { 'if-none-match': '*' })))
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([201, ...Array(11).fill(412)])
  const won = answers.findIndex(({ status }) => status === 201)
  expect(await readFile(it.at('race.txt'), 'utf8')).toBe(texts[won])
})

test('asks for a precondition, and takes no more than one request may hold', async () => {
  await using it = await bootFiles()
  expect((await it.put('a.txt', 'x', {})).status).toBe(428)
  expect((await it.put('a.txt', 'x', { 'if-match': '*' })).status).toBe(428)
  const large = Buffer.alloc(CHUNK_BYTES + 1)
  expect((await it.put('a.txt', large, { 'if-none-match': '*' })).status).toBe(413)
  const streamed = request(it.fileUrl('content', { path: 'a.txt' }), {
    method: 'PUT',
    headers: { 'if-none-match': '*', [REQUEST_HEADER]: '1' },
  })
  // Without a length, so that only counting tells.
  streamed.write(large.subarray(1))
  streamed.end('one more')
  const [response] = await once(streamed, 'response')
  expect(response.statusCode).toBe(413)
  expect((await it.put('a.txt', large.subarray(1), { 'if-none-match': '*' })).status).toBe(201)
})

test('answers who sends too much, and serves the next request of that connection', async () => {
  await using it = await bootFiles()
  const connection = connect(it.port, '127.0.0.1')
  const head = `Host: x\r\n${REQUEST_HEADER}: 1\r\nIf-None-Match: *`
  const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000), Buffer.from('\r\n')])
  const send = async (bytes: string | Buffer) => {
    if (!connection.write(bytes)) await once(connection, 'drain')
  }
  for (const target of [`PUT ${FILES_API}/content?path=a.txt`, `POST ${FILES_API}/folder`]) {
    await send(`${target} HTTP/1.1\r\n${head}\r\nTransfer-Encoding: chunked\r\n\r\n`)
    for (let i = 0; i < 40; i++) await send(piece)
    await send('0\r\n\r\n')
  }
  await send(`GET ${FILES_API}/stat?path= HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`)
  const answers = String(await buffer(connection))
  expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 413', 'HTTP/1.1 200'])
})

test('writes through a link within the home, and not where one leads out or nowhere', async () => {
  await using it = await bootFiles()
  await it.write('real.txt', 'old')
  await symlink('real.txt', it.at('link.txt'))
  await symlink('/tmp/mosi-never-made', it.at('dangling-out'))
  await symlink('/etc/hostname', it.at('out'))
  const current = { 'if-match': `"${await versionOf(it, 'real.txt')}"` }
  expect((await it.put('link.txt', 'new', current)).as(located).path).toBe('real.txt')
  expect(await readFile(it.at('real.txt'), 'utf8')).toBe('new')
  expect(await readlink(it.at('link.txt'))).toBe('real.txt')
  expect((await it.put('dangling-out', 'x', { 'if-none-match': '*' })).status).toBe(409)
  expect((await it.put('out', 'x', { 'if-match': '"1"' })).status).toBe(403)
  await expect(stat('/tmp/mosi-never-made')).rejects.toThrow()
})

test('writes over no folder, and not into what it keeps itself', async () => {
  await using it = await bootFiles()
  await mkdir(it.at('folder'))
  expect((await it.put('folder', 'x', { 'if-none-match': '*' })).status).toBe(409)
  expect((await it.put('.trash', 'x', { 'if-none-match': '*' })).status).toBe(403)
  await it.get('trash')
  expect((await it.put('.trash/x', 'x', { 'if-none-match': '*' })).status).toBe(403)
})
