/** Writes a tar archive (POSIX ustar) of entries, the same bytes for the same content: no times, fixed owners. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Entry } from './rootfs.ts'

const BLOCK = 512

/** Yields the archive piece by piece; files are streamed, never held. */
export async function* tar(entries: readonly Entry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    if (entry.text !== undefined) {
      const body = Buffer.from(entry.text)
      yield header(entry, body.length)
      yield body
      yield padding(body.length)
    } else if (entry.source !== undefined) {
      const { size } = await stat(entry.source)
      yield header(entry, size)
      yield* createReadStream(entry.source, { highWaterMark: 1024 * 1024 })
      yield padding(size)
    } else yield header(entry, 0)
  }
  yield Buffer.alloc(2 * BLOCK)
}

/** Field positions: POSIX.1-2017, pax, "ustar Interchange Format". */
function header(entry: Entry, size: number): Buffer {
  const { text, source, link = '' } = entry
  const isFolder = text === undefined && source === undefined && link === ''
  const name = entry.path.slice(1) + (isFolder ? '/' : '')
  for (const path of [name, link]) {
    if (Buffer.byteLength(path) > 100) throw new RangeError(`Too long a path for the archive: ${path}`)
  }
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii')
  block.write(name, 0)
  octal(entry.mode, 100, 8)
  octal(entry.owner, 108, 8)
  octal(entry.owner, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write(isFolder ? '5' : link ? '2' : '0', 156)
  block.write(link, 157)
  block.write('ustar\x0000', 257)
  // The sum is taken with its own field full of blanks.
  block.fill(' ', 148, 156)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return block
}

const padding = (size: number) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
