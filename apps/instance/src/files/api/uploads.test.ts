import { link, mkdir, readdir, readFile, rename, stat, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { REQUEST_HEADER } from '../../protocol.ts'
import { bootFiles } from '../../testing/files.ts'
import { CHUNK_BYTES, located, upload, uploads } from './protocol.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>
const create = async (it: Booted, path: string, size: number, more: object = {}) =>
  (await it.post('uploads', { path, size, ...more })).as(upload)
const patch = (it: Booted, id: string, offset: number, body: BodyInit) =>
  it.send(it.fileUrl(`uploads/${id}`, { offset: String(offset) }), { method: 'PATCH', body })
const finish = (it: Booted, id: string, more: object = {}) => it.post(`uploads/${id}/finish`, more)

test('takes a file in parts, and gives it its name, its time and its folders at the end', async () => {
  await using it = await bootFiles()
  const { id, offset } = await create(it, 'a/b/film.txt', 10, { modifiedAt: '2020-01-02T03:04:05.000Z' })
  expect(offset).toBe(0)
  expect((await patch(it, id, 0, '01234')).as(upload).offset).toBe(5)
  expect(await finish(it, id)).toMatchObject({ status: 409, body: { offset: 5 } })
  expect((await patch(it, id, 5, '56789')).as(upload).offset).toBe(10)
  await expect(stat(it.at('a'))).rejects.toThrow()
  expect((await finish(it, id)).as(located)).toMatchObject({
    path: 'a/b/film.txt',
    size: 10,
    modifiedAt: '2020-01-02T03:04:05.000Z',
  })
  expect(await readFile(it.at('a/b/film.txt'), 'utf8')).toBe('0123456789')
  expect(await readdir(it.at('.uploads'))).toEqual([])
})

test('says once more that an upload is finished: the word of it may have been lost', async () => {
  await using it = await bootFiles()
  const { id } = await create(it, 'a.txt', 3)
  await patch(it, id, 0, 'abc')
  const first = (await finish(it, id)).as(located)
  expect((await it.get(`uploads/${id}`)).as(upload)).toMatchObject({ offset: 3, size: 3 })
  expect((await finish(it, id)).as(located)).toEqual(first)
  expect((await it.get('uploads')).as(uploads).uploads).toEqual([])
  expect((await finish(it, '00000000-0000-4000-8000-000000000000')).status).toBe(404)
})

test('keeps what arrived of a part that broke off, and says where to go on', async () => {
  await using it = await bootFiles()
  const { id } = await create(it, 'a.bin', 100_000)
  const sent = request(it.fileUrl(`uploads/${id}`, { offset: '0' }), {
    method: 'PATCH',
    headers: { [REQUEST_HEADER]: '1', 'content-length': '100000' },
  })
  sent.on('error', () => undefined)
  sent.write('x'.repeat(60_000))
  const standing = async () => (await it.get(`uploads/${id}`)).as(upload).offset
  await expect.poll(standing).toBe(60_000)
  // What only has to wait is no question to anybody: the computer may hold the broken connection for whole for minutes.
  expect(await patch(it, id, 60_000, 'y')).toMatchObject({ status: 429 })
  sent.destroy()
  await expect.poll(async () => (await patch(it, id, 60_000, 'y'.repeat(40_000))).status).toBe(200)
  expect((await finish(it, id)).status).toBe(201)
  expect(await readFile(it.at('a.bin'), 'utf8')).toBe('x'.repeat(60_000) + 'y'.repeat(40_000))
})

test.each(['refuse', 'replace', 'rename'])(
  'finishes after a kill between the two names of the file, when it is to %s',
  async (ifExists) => {
    await using it = await bootFiles()
    const { id } = await create(it, 'a.txt', 3, { ifExists })
    await patch(it, id, 0, 'abc')
    await link(it.at(`.uploads/${id}/data`), it.at('a.txt'))
    expect((await finish(it, id)).as(located).path).toBe('a.txt')
    expect((await stat(it.at('a.txt'))).nlink).toBe(1)
    expect((await readdir(it.home)).filter((name) => name.endsWith('.txt'))).toEqual(['a.txt'])
    expect(await readdir(it.at('.uploads'))).toEqual([])
  },
)

test('knows after a kill that the file has its name already, and brings it in once', async () => {
  await using it = await bootFiles()
  const { id } = await create(it, 'a.txt', 3)
  await patch(it, id, 0, 'abc')
  await rename(it.at(`.uploads/${id}/data`), it.at('a.txt'))
  // Others begin before it is asked for.
  const other = await create(it, 'b.txt', 0)
  expect((await it.get(`uploads/${id}`)).as(upload)).toMatchObject({ offset: 3, size: 3 })
  expect((await finish(it, id)).as(located)).toMatchObject({ path: 'a.txt', size: 3 })
  expect(await readdir(it.at('.uploads'))).toEqual([other.id])
})

test('goes on after a restart', async () => {
  await using first = await bootFiles()
  const { id } = await create(first, 'a.txt', 6)
  await patch(first, id, 0, 'abc')
  await first.stop()
  await using second = await bootFiles({ home: first.home })
  expect((await second.get('uploads')).as(uploads).uploads).toEqual([
    { id, path: 'a.txt', size: 6, offset: 3, startedAt: '2025-03-01T12:00:00.000Z' },
  ])
  await patch(second, id, 3, 'def')
  await finish(second, id)
  expect(await readFile(second.at('a.txt'), 'utf8')).toBe('abcdef')
})

test('does with what is there already what it was told to', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', 'old')
  await mkdir(it.at('folder'))
  expect((await it.post('uploads', { path: 'a.txt', size: 1 })).status).toBe(409)
  expect((await it.post('uploads', { path: 'folder', size: 1, ifExists: 'replace' })).status).toBe(409)
  const beside = await create(it, 'a.txt', 0, { ifExists: 'rename' })
  expect((await finish(it, beside.id)).as(located).path).toBe('a (2).txt')
  const over = await create(it, 'a.txt', 3, { ifExists: 'replace' })
  await patch(it, over.id, 0, 'new')
  expect((await finish(it, over.id)).as(located).path).toBe('a.txt')
  expect(await readFile(it.at('a.txt'), 'utf8')).toBe('new')
  // It came while the upload was on its way: nothing is lost, and the person is asked.
  const late = await create(it, 'late.txt', 4)
  await patch(it, late.id, 0, 'mine')
  await it.write('late.txt', 'theirs')
  expect((await finish(it, late.id)).status).toBe(409)
  expect(await readFile(it.at('late.txt'), 'utf8')).toBe('theirs')
  expect((await finish(it, late.id, { ifExists: 'rename' })).as(located).path).toBe('late (2).txt')
})

test('takes no more than was said, and no more than fits into one request', async () => {
  await using it = await bootFiles()
  const { id } = await create(it, 'a.bin', 4)
  expect((await patch(it, id, 0, 'abcde')).status).toBe(413)
  expect((await patch(it, id, 1, 'b')).status).toBe(409)
  expect((await it.send(it.fileUrl(`uploads/${id}`), { method: 'PATCH', body: 'a' })).status).toBe(400)
  const large = await create(it, 'large.bin', CHUNK_BYTES * 2)
  expect((await patch(it, large.id, 0, Buffer.alloc(CHUNK_BYTES + 1))).status).toBe(413)
  expect((await patch(it, large.id, 0, Buffer.alloc(CHUNK_BYTES))).as(upload).offset).toBe(CHUNK_BYTES)
  expect(await it.post('uploads', { path: 'huge.bin', size: 1e15 })).toMatchObject({
    status: 507,
    body: { message: expect.stringMatching(/^Your disk is full/) },
  })
  for (const size of [-1, 1.5, 1e300])
    expect((await it.post('uploads', { path: 'x', size })).status).toBe(400)
})

test('can be given up, is given up after a week, and is bounded in number', async () => {
  await using it = await bootFiles()
  const { id } = await create(it, 'a.bin', 4)
  expect((await it.remove(`uploads/${id}`)).status).toBe(204)
  expect((await it.get(`uploads/${id}`)).status).toBe(404)
  const old = await create(it, 'a.bin', 4)
  const before = new Date('2025-02-20T00:00:00Z')
  await utimes(it.at(`.uploads/${old.id}/data`), before, before)
  const all = await Promise.all(Array.from({ length: 3 }, () => create(it, 'a.bin', 4)))
  await create(it, 'a.bin', 4)
  const ids = (await it.get('uploads')).as(uploads).uploads.map((one) => one.id)
  expect(ids).not.toContain(old.id)
  expect(ids).toEqual(expect.arrayContaining(all.map((one) => one.id)))
  await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      mkdir(it.at(`.uploads/00000000-0000-0000-0000-${String(i).padStart(12, '0')}`)),
    ),
  )
  // Folders without a file in them are leftovers.
  expect((await it.post('uploads', { path: 'b.bin', size: 4 })).status).toBe(201)
  for (let i = 0; i < 195; i++) await create(it, 'a.bin', 4)
  expect((await it.post('uploads', { path: 'b.bin', size: 4 })).status).toBe(429)
})

test('goes nowhere but into the home', async () => {
  await using it = await bootFiles()
  for (const path of ['../x', '/etc/x', 'a/../../x', 'a\0', '.uploads/x', '.trash/x', '']) {
    expect((await it.post('uploads', { path, size: 1 })).status, path).toBeGreaterThanOrEqual(400)
  }
  for (const id of ['..', 'x', '../notes', '00000000-0000-0000-0000-000000000000']) {
    expect((await it.get(`uploads/${encodeURIComponent(id)}`)).status, id).toBe(404)
  }
})
