/**
 * A conversation's file. Each entry is one line, written in one piece at the end and flushed: a kill or a full disk leaves
 * whole lines and perhaps a torn last one, which a reader passes over and the next writer cuts off.
 */
import { constants as flags } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { isMissing } from '../../http/problem.ts'
import { type Entry, entry } from './entry.ts'

/** Of a conversation that is shown; a larger file is somebody else's. */
const LARGEST_BYTES = 64 * 1024 * 1024
/** Of one line, and of all lines that count: more than a person writes, and less than what fills the memory. */
const LARGEST_LINE_BYTES = 4 * 1024 * 1024
const MOST_ENTRIES = 20_000
const PIECE_BYTES = 64 * 1024
const NEW_LINE = 0x0a

export interface LogFile {
  /** Resolves when it is on the disk. Rejects when it is not, and then nothing of it is. */
  append(entry: Entry): Promise<void>
}

/** What can be read of it; `null`: it is not there. `path`: for system calls. */
export async function readEntries(path: string | Buffer): Promise<Entry[] | null> {
  try {
    await using file = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > LARGEST_BYTES) return null
    const entries: Entry[] = []
    for await (const line of linesOf(file)) {
      const found = parsed(line.toString('utf8'))
      if (found) entries.push(found)
      if (entries.length === MOST_ENTRIES) break
    }
    return entries
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Whole lines alone, a piece of the file at a time: what stands there need not be what this computer wrote. */
async function* linesOf(file: FileHandle): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  const add = (piece: Buffer) => {
    length += piece.length
    if (length <= LARGEST_LINE_BYTES) pieces.push(piece)
    else pieces = []
  }
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position)
    if (bytesRead === 0) return
    position += bytesRead
    const piece = buffer.subarray(0, bytesRead)
    let from = 0
    for (let end = piece.indexOf(NEW_LINE); end >= 0; end = piece.indexOf(NEW_LINE, from)) {
      add(piece.subarray(from, end))
      if (length > 0 && length <= LARGEST_LINE_BYTES) yield Buffer.concat(pieces)
      pieces = []
      length = 0
      from = end + 1
    }
    if (from < bytesRead) add(piece.subarray(from))
  }
}

function parsed(line: string): Entry | null {
  try {
    const { success, data } = entry.safeParse(JSON.parse(line))
    return success ? data : null
  } catch {
    return null
  }
}

/** `path`: for system calls, asked at each write, since folders may move. */
export function openLog(place: () => Promise<{ path: string | Buffer } & AsyncDisposable>): LogFile {
  let last: Promise<void> = Promise.resolve()
  const write = async (one: Entry) => {
    await using spot = await place()
    await using file = await open(
      spot.path,
      flags.O_RDWR | flags.O_CREAT | flags.O_NOFOLLOW | flags.O_NONBLOCK,
      0o600,
    )
    const end = await endOf(file)
    const bytes = Buffer.from(`${JSON.stringify(one)}\n`)
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, end + at)
        at += bytesWritten
      }
      await file.datasync()
    } catch (error) {
      await file.truncate(end).catch(() => undefined)
      throw error
    }
  }
  return {
    append(one) {
      const next = last.then(() => write(one))
      last = next.catch(() => undefined)
      return next
    },
  }
}

/** Where the next line begins; what a kill left torn is cut off. */
async function endOf(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const piece = Buffer.alloc(PIECE_BYTES)
  let end = 0
  for (let to = size; to > 0; ) {
    const from = Math.max(0, to - PIECE_BYTES)
    const { bytesRead } = await file.read(piece, 0, to - from, from)
    const at = piece.subarray(0, bytesRead).lastIndexOf(NEW_LINE)
    if (at >= 0) {
      end = from + at + 1
      break
    }
    to = from
  }
  if (end < size) await file.truncate(end)
  return end
}
