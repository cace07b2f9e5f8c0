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
const NEW_LINE = 0x0a

export interface LogFile {
  /** Resolves when it is on the disk. Rejects when it is not, and then nothing of it is. */
  append(entry: Entry): Promise<void>
}

/** What can be read of it; `null`: it is not there. `path`: for system calls. */
export async function readEntries(path: string | Buffer): Promise<Entry[] | null> {
  const bytes = await readBytes(path)
  if (bytes === null) return null
  return bytes
    .subarray(0, wholeBytes(bytes))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parsed(line) ?? [])))
}

async function readBytes(path: string | Buffer): Promise<Buffer | null> {
  try {
    await using file = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > LARGEST_BYTES) return null
    return await file.readFile()
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const wholeBytes = (bytes: Buffer): number => bytes.lastIndexOf(NEW_LINE) + 1

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
  if (size === 0) return 0
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, size - 1)
  if (last[0] === NEW_LINE) return size
  const bytes = Buffer.alloc(size)
  await file.read(bytes, 0, size, 0)
  const end = wholeBytes(bytes)
  await file.truncate(end)
  return end
}
