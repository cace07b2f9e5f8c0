/** Compressed copies of what a page loads, made once at its build: whoever serves it need not compress anything. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

/** By content encoding, how the name of a copy ends. */
export const COPY_ENDINGS = { br: '.br', gzip: '.gz' } as const

/** Documents are left out: whoever serves them fills them in first. */
const COMPRESSED = /\.(js|css|svg|txt|vtt|webmanifest)$/

/** Writes them beside the files. Only those that are smaller are worth a file. */
export async function writeCompressedCopies(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  for (const name of names.filter((each) => COMPRESSED.test(each))) {
    const body = await readFile(join(folder, name))
    const copies = { br: brotliCompressSync(body), gzip: gzipSync(body, { level: 9 }) }
    for (const encoding of ['br', 'gzip'] as const) {
      const path = join(folder, name + COPY_ENDINGS[encoding])
      if (copies[encoding].length < body.length) await writeFile(path, copies[encoding])
    }
  }
}

/** For Vite: writes them when everything else is written. */
export const compressedCopies = () => ({
  name: 'compressed-copies',
  apply: 'build' as const,
  writeBundle: ({ dir }: { dir?: string | undefined }) =>
    dir === undefined ? undefined : writeCompressedCopies(dir),
})
