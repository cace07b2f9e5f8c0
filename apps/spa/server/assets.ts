/** Reads the built files into memory once, with the compressed copies that the build made, so that a request touches no disk. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { COPY_ENDINGS } from '@matrixos/host/pages/compressed-copies'

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
  /** By content encoding; those that were not worth a copy are not there. */
  compressed: Partial<Record<keyof typeof COPY_ENDINGS, Body>>
}

const ENDINGS = Object.values(COPY_ENDINGS)

const copy = (buffer: Buffer): Body => new Uint8Array(buffer)

/** By URL path, e.g. `/assets/main-1a2b.js`. Throws an Error that says how to build when there is nothing to serve. */
export function loadAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  const entries = new Set(listFiles(folder))
  const isCopy = (entry: string) =>
    ENDINGS.some((ending) => entry.endsWith(ending) && entries.has(entry.slice(0, -ending.length)))
  const copyOf = (entry: string) => (entries.has(entry) ? copy(readFileSync(entry)) : undefined)
  for (const entry of entries) {
    if (isCopy(entry)) continue
    const body = readFileSync(entry)
    const br = copyOf(entry + COPY_ENDINGS.br)
    const gzip = copyOf(entry + COPY_ENDINGS.gzip)
    const path = `/${relative(folder, entry).split(sep).join('/')}`
    const type = TYPES[extname(entry)] ?? 'application/octet-stream'
    assets.set(path, {
      type,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      immutable: path.startsWith('/assets/'),
      body: copy(body),
      compressed: { ...(br && { br }), ...(gzip && { gzip }) },
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
