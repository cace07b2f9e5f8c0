/** Reads the built files into memory once, with compressed copies, so that a request touches no disk. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.json': 'application/json; charset=utf-8',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.vtt': 'text/vtt; charset=utf-8',
  '.webm': 'video/webm',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
}

type Body = Uint8Array<ArrayBuffer>

export interface Asset {
  type: string
  etag: string
  /** Below `/assets/`: the name carries a hash of the content, so it never changes. */
  immutable: boolean
  body: Body
  compressed: { br: Body; gzip: Body } | null
}

const copy = (buffer: Buffer): Body => new Uint8Array(buffer)

function compress(body: Buffer) {
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  return { br: copy(br), gzip: copy(gzipSync(body)) }
}

/** By URL path, e.g. `/assets/main-1a2b.js`. Throws an Error that says how to build when there is nothing to serve. */
export function loadAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const entry of listFiles(folder)) {
    const body = readFileSync(entry)
    const path = `/${relative(folder, entry).split(sep).join('/')}`
    const type = TYPES[extname(entry)] ?? 'application/octet-stream'
    assets.set(path, {
      type,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      immutable: path.startsWith('/assets/'),
      body: copy(body),
      compressed: type.includes('charset') && body.length > 1024 ? compress(body) : null,
    })
  }
  if (!assets.has('/index.html')) throw missing(folder)
  return assets
}

function listFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (cause) {
    throw missing(folder, cause)
  }
}

const missing = (folder: string, cause?: unknown) =>
  new Error(`There are no built pages in ${folder}. Build them with: npm run build -w @matrixos/spa`, {
    cause,
  })
