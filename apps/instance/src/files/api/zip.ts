/**
 * Writes a .zip (APPNOTE 6.3.9, with ZIP64) while it is sent. Of each file only its line of the closing list is kept:
 * libraries keep streams and buffers of every file to the end, which for a folder of 10,000 was 60 to 150 MB.
 */
import { pipeline } from 'node:stream'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders; UTF-8. */
  name: string
  modifiedAt: Date
  /** As in `stat`. */
  mode: number
}

export interface Zip {
  folder(entry: ZipEntry): Promise<void>
  /** A file that is in memory: compressed at once where that makes it smaller. */
  file(entry: ZipEntry, content: Buffer): Promise<void>
  /** A file that is not. `size`: how large it will be, at most. */
  stream(
    entry: ZipEntry,
    source: AsyncIterable<Buffer>,
    options: { size: number; isPacked: boolean },
  ): Promise<void>
  end(): Promise<void>
}

const STORED = 0
const DEFLATED = 8
const UTF8 = 0x0800
/** Checksum and sizes follow the data. */
const FOLLOWS = 0x0008
const FULL = 0xffffffff
const MADE_ON_UNIX = (3 << 8) | 45

interface Line {
  entry: ZipEntry
  flags: number
  method: number
  crc: number
  packed: number
  size: number
  offset: number
}

/** `write` resolves when more may come. */
export function createZip(write: (bytes: Buffer) => Promise<void>): Zip {
  let offset = 0
  let count = 0
  const list: Buffer[] = []
  const put = async (bytes: Buffer) => {
    offset += bytes.length
    await write(bytes)
  }
  const close = (line: Line) => {
    list.push(centralLine(line))
    count++
  }
  const whole = async (entry: ZipEntry, content: Buffer) => {
    const deflated = deflateRawSync(content, { chunkSize: Math.max(64, content.length) })
    const isSmaller = deflated.length < content.length
    const body = isSmaller ? deflated : content
    const method = isSmaller ? DEFLATED : STORED
    const sizes = { crc: crc32(content), packed: body.length, size: content.length }
    const line: Line = { entry, flags: UTF8, method, ...sizes, offset }
    await put(Buffer.concat([localLine(line, false), body]))
    close(line)
  }
  return {
    folder: (entry) => whole({ ...entry, name: `${entry.name}/` }, Buffer.alloc(0)),
    file: whole,
    async stream(entry, source, { size: expected, isPacked }) {
      const start = offset
      const method = isPacked ? STORED : DEFLATED
      const line: Line = { entry, flags: UTF8 | FOLLOWS, method, crc: 0, packed: 0, size: 0, offset: start }
      // Compressed, a file may become a little larger than it was.
      const isLarge = expected > 4_000_000_000
      await put(localLine(line, isLarge))
      const from = offset
      const counted = async function* () {
        for await (const piece of source) {
          line.crc = crc32(piece, line.crc)
          line.size += piece.length
          yield piece
        }
      }
      for await (const piece of isPacked ? counted() : deflated(counted())) await put(piece)
      line.packed = offset - from
      await put(descriptor(line, isLarge))
      close(line)
    },
    async end() {
      const start = offset
      for (const line of list) await put(line)
      await put(closing(count, offset - start, start))
    },
  }
}

function deflated(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // A failure of the source is one of what it is read through.
  return pipeline(source, createDeflateRaw(), () => undefined)
}

function localLine({ entry, flags, method, crc, packed, size }: Line, isLarge: boolean): Buffer {
  const name = Buffer.from(entry.name)
  const extra = Buffer.concat([timeField(entry), ...(isLarge ? [largeField([0, 0])] : [])])
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(isLarge ? 45 : 20, 4)
  head.writeUInt16LE(flags, 6)
  head.writeUInt16LE(method, 8)
  writeTime(head, entry, 10)
  head.writeUInt32LE(crc, 14)
  head.writeUInt32LE(isLarge ? FULL : packed, 18)
  head.writeUInt32LE(isLarge ? FULL : size, 22)
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(extra.length, 28)
  return Buffer.concat([head, name, extra])
}

function descriptor({ crc, packed, size }: Line, isLarge: boolean): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x08074b50, 0)
  head.writeUInt32LE(crc, 4)
  if (isLarge) return Buffer.concat([head, eightBytes(packed), eightBytes(size)])
  const sizes = Buffer.alloc(8)
  sizes.writeUInt32LE(packed, 0)
  sizes.writeUInt32LE(size, 4)
  return Buffer.concat([head, sizes])
}

function centralLine({ entry, flags, method, crc, packed, size, offset }: Line): Buffer {
  const name = Buffer.from(entry.name)
  const large = [size, packed, offset].filter((number) => number >= FULL)
  const extra = Buffer.concat([timeField(entry), ...(large.length > 0 ? [largeField(large)] : [])])
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE(MADE_ON_UNIX, 4)
  head.writeUInt16LE(large.length > 0 ? 45 : 20, 6)
  head.writeUInt16LE(flags, 8)
  head.writeUInt16LE(method, 10)
  writeTime(head, entry, 12)
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(Math.min(packed, FULL), 20)
  head.writeUInt32LE(Math.min(size, FULL), 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(extra.length, 30)
  head.writeUInt32LE((entry.mode & 0xffff) * 0x10000 + (entry.name.endsWith('/') ? 0x10 : 0), 38)
  head.writeUInt32LE(Math.min(offset, FULL), 42)
  return Buffer.concat([head, name, extra])
}

function closing(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, 0xffff), 8)
  end.writeUInt16LE(Math.min(count, 0xffff), 10)
  end.writeUInt32LE(Math.min(bytes, FULL), 12)
  end.writeUInt32LE(Math.min(offset, FULL), 16)
  if (count < 0xffff && bytes < FULL && offset < FULL) return end
  const large = Buffer.alloc(56)
  large.writeUInt32LE(0x06064b50, 0)
  large.writeBigUInt64LE(44n, 4)
  large.writeUInt16LE(MADE_ON_UNIX, 12)
  large.writeUInt16LE(45, 14)
  for (const [number, at] of [
    [count, 24],
    [count, 32],
    [bytes, 40],
    [offset, 48],
  ] as const) {
    large.writeBigUInt64LE(BigInt(number), at)
  }
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([large, locator, end])
}

/** Seconds since 1970, which know no time zone. */
function timeField({ modifiedAt }: ZipEntry): Buffer {
  const field = Buffer.alloc(9)
  field.writeUInt16LE(0x5455, 0)
  field.writeUInt16LE(5, 2)
  field.writeUInt8(1, 4)
  const seconds = Math.floor(modifiedAt.getTime() / 1000) || 0
  field.writeInt32LE(Math.max(-0x80000000, Math.min(0x7fffffff, seconds)), 5)
  return field
}

function largeField(numbers: number[]): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(1, 0)
  head.writeUInt16LE(numbers.length * 8, 2)
  return Buffer.concat([head, ...numbers.map(eightBytes)])
}

function eightBytes(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(number), 0)
  return bytes
}

/** The format's own time: from 1980 to 2107, in steps of two seconds. */
function writeTime(head: Buffer, { modifiedAt }: ZipEntry, at: number): void {
  const year = Math.max(1980, Math.min(2107, modifiedAt.getUTCFullYear() || 1980))
  const time =
    (modifiedAt.getUTCHours() << 11) | (modifiedAt.getUTCMinutes() << 5) | (modifiedAt.getUTCSeconds() >> 1)
  head.writeUInt16LE(time, at)
  head.writeUInt16LE(
    ((year - 1980) << 9) | ((modifiedAt.getUTCMonth() + 1) << 5) | modifiedAt.getUTCDate(),
    at + 2,
  )
}
