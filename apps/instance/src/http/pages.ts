/** Serves the shell: the built page's files, compressed, with what browsers need to cache them. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { isFresh } from './encoding.ts'
import { openFiles } from './files.ts'

/** No inline script or style, no other origin, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Drawings (SVG) come as text, and are shown as pictures that hold themselves: nothing in them runs.
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `frames`: the source of what the page may show in frames; `null`: nothing. */
const policyWith = (frames: string | null): string =>
  frames === null ? POLICY : `${POLICY}; frame-src 'self' ${frames}`

const SECURITY = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}

export interface Pages {
  /** Whether it was answered: `path` names one of the page's files, or a person went to a path that names nothing. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

/** Draws a file that no build could hold, because it is this owner's own; `null`: not one of those. */
export type Draw = (path: string) => Promise<{ type: string; body: Buffer } | null>

/** `words` replaces `%handle%` and `%displayName%` in the pages. A missing build is explained on the page. */
export async function createPages(
  folder: string,
  words: Record<string, string>,
  draw: Draw = async () => null,
  frames: string | null = null,
): Promise<Pages> {
  const policy = { 'content-security-policy': policyWith(frames) }
  const files = await openFiles(folder, (html) => fill(html, words))
  return {
    async serve(path, request, response) {
      const asked = path === '/' ? INDEX : path
      if (asked === INDEX && !files.has(INDEX)) return sayNotBuilt(response)
      const drawn = await draw(path)
      if (drawn) return sendDrawn(request, response, drawn)
      const isKnown = files.has(asked)
      if (!isKnown && !(isVisit(request) && files.has(NOT_FOUND))) return false
      const name = isKnown ? asked : NOT_FOUND
      const { headers } = request
      const { body, encoding, varies } = await files.read(name, headers['accept-encoding'])
      const etag = etagOf(body)
      const caching = {
        'cache-control': name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
        etag,
        ...(varies ? { vary: 'Accept-Encoding' } : {}),
      }
      const status = name === NOT_FOUND ? 404 : isFresh(headers['if-none-match'], etag) ? 304 : 200
      const described = {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'content-length': body.length,
        ...(encoding ? { 'content-encoding': encoding } : {}),
      }
      response.writeHead(status, { ...SECURITY, ...policy, ...caching, ...(status === 304 ? {} : described) })
      response.end(status === 304 || request.method === 'HEAD' ? undefined : body)
      return true
    },
  }
}

const etagOf = (body: Buffer) => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

function sendDrawn(
  request: IncomingMessage,
  response: ServerResponse,
  { type, body }: { type: string; body: Buffer },
): true {
  const etag = etagOf(body)
  const isKept = isFresh(request.headers['if-none-match'], etag)
  response.writeHead(isKept ? 304 : 200, {
    ...SECURITY,
    'cache-control': 'no-cache',
    etag,
    ...(isKept ? {} : { 'content-type': type, 'content-length': body.length }),
  })
  response.end(isKept || request.method === 'HEAD' ? undefined : body)
  return true
}

const INDEX = '/index.html'
const NOT_FOUND = '/not-found.html'

/** A person's browser asks for a page by its type; scripts and programs do not. */
const isVisit = (request: IncomingMessage) => request.headers.accept?.includes('text/html') ?? false

function sayNotBuilt(response: ServerResponse): true {
  response.writeHead(503, {
    ...SECURITY,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(NOT_BUILT)
  return true
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built yet</title><p>The shell is not built yet. Run <code>npm run build -w @matrixos/instance</code>, then reload.'

const fill = (html: string, words: Record<string, string>) =>
  html.replace(/%(\w+)%/g, (whole, key) => escapeHtml(words[key] ?? whole))

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    ...SECURITY,
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(body))
}
