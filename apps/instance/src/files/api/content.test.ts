import { once } from 'node:events'
import { truncate } from 'node:fs/promises'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'

const PAGE = '<script>parent.postMessage(document.cookie, "*")</script>'

test.each([
  ['page.html', PAGE],
  ['page.xhtml', PAGE],
  ['drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg">${PAGE}</svg>`],
  ['data.xml', '<?xml-stylesheet href="x.xsl"?>'],
  ['script.js', 'alert(1)'],
  ['page.HTML', PAGE],
  ['no ending', PAGE],
  ['page.constructor', PAGE],
])('sends %s as text that runs nothing', async (name, text) => {
  await using it = await bootFiles()
  await it.write(name, text)
  const { headers, text: got } = await it.get('content', { path: name })
  expect(got).toBe(text)
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; sandbox;/),
    'cross-origin-resource-policy': 'same-origin',
  })
})

test('sends pictures as such, a picture with a script in it too, and what is no text to be stored', async () => {
  await using it = await bootFiles()
  await it.write('a.png', PAGE)
  await it.write('tool', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]))
  await it.write('a.pdf', '%PDF')
  const of = async (path: string, query = {}) => (await it.get('content', { path, ...query })).headers
  expect((await of('a.png')).get('content-type')).toBe('image/png')
  expect((await of('a.png')).get('content-disposition')).toMatch(/^inline;/)
  expect((await of('a.png', { download: '1' })).get('content-disposition')).toMatch(/^attachment;/)
  expect((await of('tool')).get('content-type')).toBe('application/octet-stream')
  expect((await of('tool')).get('content-disposition')).toMatch(/^attachment;/)
  expect((await of('a.pdf')).get('content-security-policy')).not.toContain('sandbox')
})

test('lets no name into another header', async () => {
  await using it = await bootFiles()
  const name = 'a"\r\nset-cookie: x=1\r\n\u202egpj.exe 100% ü\'.txt'
  await it.write(name, 'x')
  const { headers, status } = await it.get('content', { path: name, download: '1' })
  expect(status).toBe(200)
  expect(headers.get('set-cookie')).toBeNull()
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="a___set-cookie: x=1___gpj.exe 100_ _'.txt"; filename*=UTF-8''a%22__set-cookie%3A%20x%3D1___gpj.exe%20100%25%20%C3%BC%27.txt`,
  )
})

test('sends parts, and says when a part is of something else by now', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', '0123456789')
  const ask = (headers: Record<string, string>) => it.get('content', { path: 'a.txt' }, { headers })
  const etag = (await ask({})).headers.get('etag') ?? ''
  const part = await ask({ range: 'bytes=2-4' })
  expect(part).toMatchObject({ status: 206, text: '234' })
  expect(part.headers.get('content-range')).toBe('bytes 2-4/10')
  expect(await ask({ range: 'bytes=-3' })).toMatchObject({ status: 206, text: '789' })
  expect(await ask({ range: 'bytes=5-' })).toMatchObject({ status: 206, text: '56789' })
  expect(await ask({ range: 'bytes=5-', 'if-range': etag })).toMatchObject({ status: 206 })
  expect(await ask({ range: 'bytes=5-', 'if-range': '"another"' })).toMatchObject({
    status: 200,
    text: '0123456789',
  })
  expect((await ask({ range: 'bytes=10-' })).headers.get('content-range')).toBe('bytes */10')
  expect(await ask({ range: 'bytes=10-' })).toMatchObject({ status: 416 })
  for (const range of ['bytes=0-1,3-4', 'lines=1-2']) expect((await ask({ range })).status, range).toBe(200)
  expect(await ask({ 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
})

test('answers HEAD with the length, and an empty file with nothing', async () => {
  await using it = await bootFiles()
  await it.write('a.txt', 'abc')
  await it.write('empty.txt', '')
  const head = await it.get('content', { path: 'a.txt' }, { method: 'HEAD' })
  expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '3'])
  const empty = await it.get('content', { path: 'empty.txt' })
  expect([empty.status, empty.text, empty.headers.get('content-length')]).toEqual([200, '', '0'])
})

test('cuts a download whose file became shorter: a part never passes for the whole', async () => {
  await using it = await bootFiles()
  await it.write('log', Buffer.alloc(32 * 1024 * 1024, 'x'))
  const request = get(it.fileUrl('content', { path: 'log' }))
  const [response] = await once(request, 'response')
  await once(response, 'readable')
  await truncate(it.at('log'), 1024)
  const ended = new Promise((resolve) =>
    response.once('end', () => resolve('complete')).once('error', () => resolve('cut')),
  )
  response.resume()
  expect(await ended).toBe('cut')
  expect((await it.get('list', { path: '' })).status).toBe(200)
})

test('goes on with the file as it was when another takes its name', async () => {
  await using it = await bootFiles()
  await it.write('log', Buffer.alloc(32 * 1024 * 1024, 'x'))
  const answer = await fetch(it.fileUrl('content', { path: 'log' }))
  const { version } = await it.get('stat', { path: 'log' }).then(({ body }) => Object(body))
  expect((await it.put('log', 'new', { 'if-match': `"${version}"` })).status).toBe(200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect([bytes.length, bytes.indexOf('n')]).toEqual([32 * 1024 * 1024, -1])
})

test('sends no folder', async () => {
  await using it = await bootFiles()
  expect((await it.get('content', { path: 'notes' })).status).toBe(415)
  expect((await it.get('content', { path: '' })).status).toBe(415)
})
