/**
 * The files of the built page, listed once, so that no request can name another file. Scripts and styles were
 * compressed at build; pages, which carry the owner's name, are filled and compressed at their first request (by
 * gzip alone: for a few kilobytes the brotli encoder would cost an idle instance more memory than it is worth).
 */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { chooseEncoding, ENCODINGS, type Encoding } from './encoding.ts'

export interface Representation {
  body: Buffer
  encoding: Encoding | null
  /** Whether other clients get other bytes under this name. */
  varies: boolean
}

export interface Files {
  has(name: string): boolean
  /** The best form for this `Accept-Encoding`. Rejects when the file is gone. */
  read(name: string, accepted: string | undefined): Promise<Representation>
}

const ALL = Object.keys(ENCODINGS) as Encoding[]
const compress = promisify(gzip)

/** `fill` puts the owner's words into a page. A folder that is not there holds no files. */
export async function openFiles(folder: string, fill: (html: string) => string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const built = new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length).replaceAll('\\', '/'), file]),
  )
  const isVariant = (name: string) => {
    const ending = extname(name)
    return Object.values<string>(ENCODINGS).includes(ending) && built.has(name.slice(0, -ending.length))
  }
  const pages = new Map<string, Promise<Buffer>>()

  const page = (name: string, path: string, isCompressed: boolean) => {
    const key = `${name} ${isCompressed}`
    let made = pages.get(key)
    if (!made) {
      const filled = readFile(path, 'utf8').then((html) => Buffer.from(fill(html)))
      made = isCompressed ? filled.then((body) => compress(body)) : filled
      made.catch(() => pages.delete(key))
      pages.set(key, made)
    }
    return made
  }

  return {
    has: (name) => built.has(name) && !isVariant(name),
    async read(name, accepted) {
      const path = built.get(name) ?? join(folder, name)
      const isPage = extname(name) === '.html'
      const available: Encoding[] = isPage
        ? ['gzip']
        : ALL.filter((encoding) => built.has(name + ENCODINGS[encoding]))
      const encoding = chooseEncoding(accepted, available)
      const body = isPage
        ? await page(name, path, encoding !== null)
        : await readFile(encoding ? path + ENCODINGS[encoding] : path)
      return { body, encoding, varies: available.length > 0 }
    },
  }
}
