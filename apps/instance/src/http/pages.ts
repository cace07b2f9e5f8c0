/** Serves the shell: the files of the built page, listed once, so that no request can name another file. */
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'

/** No inline script or style, no other origin, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

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
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

export interface Pages {
  /** Whether it was answered: `path` names one of the page's files, or a person went to a path that names nothing. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

/** `words` replaces `%handle%` and `%displayName%` in `index.html`. A missing build is explained on the page. */
export async function createPages(folder: string, words: Record<string, string>): Promise<Pages> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length).replaceAll('\\', '/'), file]),
  )
  return {
    async serve(path, request, response) {
      const asked = path === '/' ? '/index.html' : path
      const isKnown = files.has(asked) || asked === '/index.html'
      if (!isKnown && !(isVisit(request) && files.has(NOT_FOUND))) return false
      const name = isKnown ? asked : NOT_FOUND
      const file = files.get(name)
      const body = file === undefined ? NOT_BUILT : await readFile(file)
      const isPage = extname(name) === '.html'
      const found = name === NOT_FOUND ? 404 : 200
      response.writeHead(file === undefined ? 503 : found, {
        ...SECURITY,
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
        'cache-control': name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
      })
      const content = isPage ? fill(body.toString(), words) : body
      response.end(request.method === 'HEAD' ? undefined : content)
      return true
    },
  }
}

const NOT_FOUND = '/not-found.html'

/** A person's browser asks for a page by its type; scripts and programs do not. */
const isVisit = (request: IncomingMessage) => request.headers.accept?.includes('text/html') ?? false

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Not built yet</title><p>The shell is not built yet. Run <code>npm run build -w @matrixos/instance</code>, then reload.'

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
