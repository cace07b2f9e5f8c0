/** The script that apps speak to this API with, and what goes with it. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { isFresh } from '../../http/encoding.ts'
import { once } from '../../once.ts'
import { HARDENED } from '../page.ts'

const IS_BUILT = import.meta.filename.endsWith('.mjs')
const FOLDER = join(import.meta.dirname, IS_BUILT ? 'app-sdk' : '../../../dist/app-sdk')

const FILES: Record<string, { name: string; type: string }> = {
  'sdk.js': { name: 'sdk.js', type: 'text/javascript; charset=utf-8' },
  'sdk.d.ts': { name: 'sdk.d.ts', type: 'text/plain; charset=utf-8' },
  // Opened first in a window of the computer: it tells that the app's host can be reached from here, and goes on to the app.
  start: { name: 'start.html', type: 'text/html; charset=utf-8' },
  'start.js': { name: 'start.js', type: 'text/javascript; charset=utf-8' },
}
const POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"

export function createSdkFiles() {
  const bodies = new Map<string, () => Promise<Buffer>>(
    Object.values(FILES).map(({ name }) => [name, once(() => readFile(join(FOLDER, name)))]),
  )
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined
    const body = file && (await bodies.get(file.name)?.())
    if (!file || !body) return false
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    const isKept = isFresh(request.headers['if-none-match'], etag)
    response.writeHead(isKept ? 304 : 200, {
      ...HARDENED,
      'cache-control': 'no-cache',
      'content-type': file.type,
      'content-security-policy': POLICY,
      etag,
    })
    response.end(isKept || request.method === 'HEAD' ? undefined : body)
    return true
  }
}
