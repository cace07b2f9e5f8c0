/** The files of an app without a server, as a web server would send them. */
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { partOf, sendPieces } from '../files/api/content.ts'
import { versionOf } from '../files/api/entries.ts'
import { openToRead, type Pin, type Tree } from '../files/api/tree.ts'
import { chooseEncoding, isFresh } from '../http/encoding.ts'
import { isMissing, RequestProblem } from '../http/problem.ts'
import { isAppPath } from './manifest.ts'
import { typeOf } from './types.ts'

/**
 * An app may be anything that a page can be, with scripts from elsewhere too: what keeps it from its owner's computer is
 * its origin. Whom it may be framed by is the edge's to say.
 */
export const APP_POLICY = [
  "default-src 'self' https: data: blob: 'unsafe-inline' 'unsafe-eval'",
  "connect-src 'self' https: wss: data: blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ')

const APP_HEADERS = {
  'content-security-policy': APP_POLICY,
  'x-content-type-options': 'nosniff',
  'origin-agent-cluster': '?1',
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'referrer-policy': 'strict-origin-when-cross-origin',
}

/** Smaller ones fit one packet as they are; larger ones are pictures and sounds, or would keep the computer busy. */
const COMPRESSED_BYTES = { from: 1_024, to: 8 * 1024 * 1024 }

interface Serving {
  /** Of the request, without its query. */
  path: string
  /** What `/` stands for. */
  entry: string
  /** What its pages may do; an app's own may do what pages can. */
  policy?: string
  request: IncomingMessage
  response: ServerResponse
}

/** Resolves to whether there is such a file. Only GET and HEAD come here. */
export async function serveStatic(tree: Tree, serving: Serving): Promise<boolean> {
  const { path, entry, response } = serving
  if (path === '/' && entry.includes('/')) {
    // Only at its own address do the relative links of that page lead where they should.
    response.writeHead(302, { location: `/${entry.split('/').map(encodeURIComponent).join('/')}` }).end()
    return true
  }
  const wanted = wantedOf(path, entry)
  if (wanted === null) return false
  const found = await open(tree, wanted)
  if (!found) return false
  await using pin = found
  const stats = await pin.stats()
  if (stats.isDirectory()) {
    // Only with the slash do the relative links of its page lead where they should.
    response.writeHead(308, { location: `./${encodeURIComponent(wanted.split('/').at(-1) ?? '')}/` }).end()
    return true
  }
  if (!stats.isFile()) return false
  await using file = await openToRead(pin)
  await send(file, wanted, serving)
  return true
}

/** `null`: no path of an app's file. A folder stands for its own page. */
function wantedOf(path: string, entry: string): string | null {
  if (path === '/') return entry
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return null
  }
  const wanted = decoded.slice(1) + (decoded.endsWith('/') ? 'index.html' : '')
  return decoded.startsWith('/') && isAppPath(wanted) ? wanted : null
}

/** `null`: nothing is there, or nothing that is anybody's to see. */
async function open(tree: Tree, path: string): Promise<Pin | null> {
  try {
    return await tree.pin(path)
  } catch (error) {
    if (isMissing(error) || error instanceof RequestProblem) return null
    throw error
  }
}

async function send(
  file: FileHandle,
  path: string,
  { request, response, policy = APP_POLICY }: Serving,
): Promise<void> {
  const stats = await file.stat({ bigint: true })
  const size = Number(stats.size)
  const type = typeOf(path)
  const isText = type.isText && size >= COMPRESSED_BYTES.from && size <= COMPRESSED_BYTES.to
  const isZipped = isText && chooseEncoding(request.headers['accept-encoding'], ['gzip']) !== null
  const etag = `"${versionOf(stats)}${isZipped ? '-gzip' : ''}"`
  const headers = {
    ...APP_HEADERS,
    'content-security-policy': policy,
    'content-type': type.name,
    'cache-control': 'private, no-cache',
    etag,
    ...(isText ? { vary: 'Accept-Encoding' } : {}),
    ...(isZipped ? { 'content-encoding': 'gzip' } : { 'accept-ranges': 'bytes' }),
  }
  if (isFresh(request.headers['if-none-match'], etag)) return void response.writeHead(304, headers).end()
  const part = isZipped ? null : partOf(request, size, etag)
  if (part === 'none') {
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end()
  }
  const { first, last } = part ?? { first: 0, last: size - 1 }
  response.writeHead(part ? 206 : 200, {
    ...headers,
    ...(isZipped ? {} : { 'content-length': last - first + 1 }),
    ...(part ? { 'content-range': `bytes ${first}-${last}/${size}` } : {}),
  })
  if (request.method === 'HEAD') return void response.end()
  const sending = isZipped
    ? pipeline(file.createReadStream({ autoClose: false }), createGzip({ level: 5, memLevel: 7 }), response)
    : sendPieces(file, response, first, last)
  await sending.catch(() => response.destroy())
}
