import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const SHELL = join(import.meta.dirname, '../../web/public')

test('a visit to a path that names nothing is answered by a page with a way back, under the same policy', async () => {
  await using server = await serve(SHELL)
  const answer = await server.ask('/nothing', 'text/html,*/*')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await answer.text()
  expect(html).toContain('href="/"')
  expect(html).toContain('ada’s computer')
})

test('scripts get JSON, and so does everybody while the pages are not built', async () => {
  await using server = await serve(SHELL)
  expect((await server.ask('/nothing', '*/*')).headers.get('content-type')).toBe('application/json')
  await using bare = await serve(join(SHELL, 'missing'))
  expect((await bare.ask('/nothing', 'text/html')).headers.get('content-type')).toBe('application/json')
})
