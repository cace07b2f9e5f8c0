import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, get, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createPages, sendJson } from './pages.ts'

async function serve(folder: string) {
  const pages = await createPages(folder, { handle: 'ada', displayName: 'Ada' })
  const server = createServer(async (request, response) => {
    if (!(await pages.serve(request.url ?? '/', request, response))) sendJson(response, 404, {})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ask: (path: string, accept: string) => fetch(origin + path, { headers: { accept } }),
    /** The bytes as they were sent. */
    async raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const [answer] = await once(get(origin + path, { headers, method, agent: false }), 'response')
      const { statusCode, headers: got }: { statusCode: number; headers: IncomingHttpHeaders } = answer
      return { status: statusCode, headers: got, body: await buffer(answer) }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const SHELL = join(import.meta.dirname, '../../web/public')
const SCRIPT = 'const answer = 42\n'.repeat(100)

/** A page and a script as the build leaves them. */
async function builtShell() {
  const folder = await temporaryFolder()
  await mkdir(join(folder.path, 'assets'))
  await writeFile(join(folder.path, 'index.html'), `<title>%handle%</title>${'<p>words</p>'.repeat(50)}`)
  const script = join(folder.path, 'assets/main-1a2b.js')
  await writeFile(script, SCRIPT)
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT))
  await writeFile(`${script}.gz`, gzipSync(SCRIPT))
  await writeFile(join(folder.path, 'note.br'), 'a file of its own')
  return folder
}

test('answers a visit to a path that names nothing by a page with a way back, under the same policy', async () => {
  await using server = await serve(SHELL)
  const answer = await server.ask('/nothing', 'text/html,*/*')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await answer.text()
  expect(html).toContain('href="/"')
  expect(html).toContain('ada’s computer')
})

test('answers scripts with JSON, and everybody while the pages are not built', async () => {
  await using server = await serve(SHELL)
  expect((await server.ask('/nothing', '*/*')).headers.get('content-type')).toBe('application/json')
  await using bare = await serve(join(SHELL, 'missing'))
  expect((await bare.ask('/nothing', 'text/html')).headers.get('content-type')).toBe('application/json')
  expect((await bare.ask('/', 'text/html')).status).toBe(503)
})

test('sends scripts in the best encoding that the client takes', async () => {
  await using shell = await builtShell()
  await using server = await serve(shell.path)
  const path = '/assets/main-1a2b.js'
  const brotli = await server.raw(path, { 'accept-encoding': 'gzip, deflate, br' })
  expect(brotli.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': String(brotli.body.length),
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  })
  expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT)
  const gzip = await server.raw(path, { 'accept-encoding': 'gzip' })
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT)
  const plain = await server.raw(path)
  expect(plain.headers).not.toHaveProperty('content-encoding')
  expect(plain.headers.vary).toBe('Accept-Encoding')
  expect(plain.body.toString()).toBe(SCRIPT)
  expect(new Set([brotli, gzip, plain].map(({ headers }) => headers.etag)).size).toBe(3)
})

test('compresses the filled page, and answers 304 to who has it', async () => {
  await using shell = await builtShell()
  await using server = await serve(shell.path)
  const accepting = { 'accept-encoding': 'br, gzip' }
  const page = await server.raw('/', accepting)
  expect(page.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-cache' })
  expect(gunzipSync(page.body).toString()).toContain('<title>ada</title>')
  const etag = String(page.headers.etag)
  const again = await server.raw('/', { ...accepting, 'if-none-match': `W/${etag}` })
  expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) })
  expect(again.headers).toMatchObject({ etag, vary: 'Accept-Encoding' })
  // What one encoding is called says nothing of another.
  expect(await server.raw('/', { 'if-none-match': etag })).toMatchObject({ status: 200 })
})

test('answers HEAD with the length of the body and without it', async () => {
  await using shell = await builtShell()
  await using server = await serve(shell.path)
  const head = await server.raw('/', { 'accept-encoding': 'gzip' }, 'HEAD')
  const { body } = await server.raw('/', { 'accept-encoding': 'gzip' })
  expect(head.headers['content-length']).toBe(String(body.length))
  expect(head.body).toHaveLength(0)
})

test('has no address for a compressed copy', async () => {
  await using shell = await builtShell()
  await using server = await serve(shell.path)
  expect((await server.raw('/assets/main-1a2b.js.br')).status).toBe(404)
  expect((await server.raw('/note.br')).status).toBe(200)
})
