/** How much the page loads before anything is opened: parts, and what they need, come when they are. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** By gzip, of the page and what it names. */
export const FIRST_LOAD_BYTES = 150_000

const NAMED = /<(?:script|link)\b[^>]*?\b(?:src|href)="(\/[^"]+\.(?:js|css))"/g

/** `web`: the folder of the built page, which names its script's own imports as well. */
export async function firstLoadBytes(web: string): Promise<number> {
  const html = await readFile(join(web, 'index.html'), 'utf8')
  const files = ['index.html', ...[...html.matchAll(NAMED)].map((match) => match[1] ?? '')]
  const sizes = await Promise.all(
    [...new Set(files)].map(async (file) => gzipSync(await readFile(join(web, file)), { level: 9 }).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
