/** What an app's server prints, kept in a file of bounded length: the newest part of it. */
import { appendFile, mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface LogFile {
  /** Never rejects: a full disk keeps no log. */
  add(text: string | Buffer): void
  /** The end of it, in whole lines. */
  tail(bytes?: number): Promise<string>
  /** Resolves when all that was added is written. */
  settled(): Promise<void>
}

export const LOG_BYTES = 128 * 1024
const TAIL_BYTES = 4_000
/** Added while the disk is slow; what is more is left out. */
const WAITING_BYTES = 256 * 1024

export function openLogFile(path: string, mostBytes = LOG_BYTES): LogFile {
  let last: Promise<void> = Promise.resolve()
  let waiting: Buffer[] = []
  let waitingBytes = 0

  const write = async () => {
    const added = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    if (added.length === 0) return
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await appendFile(path, added, { mode: 0o600 })
    const { size } = await stat(path)
    if (size > mostBytes) await shorten(path, Math.floor(mostBytes / 2))
  }
  const flush = () => {
    last = last.then(write).catch(() => undefined)
    return last
  }
  return {
    add(text) {
      const bytes = Buffer.from(text)
      if (waitingBytes + bytes.length > WAITING_BYTES) return
      waiting.push(bytes)
      waitingBytes += bytes.length
      if (waiting.length === 1) void flush()
    },
    async tail(bytes = TAIL_BYTES) {
      await flush()
      return endOf(path, bytes)
    },
    settled: flush,
  }
}

async function shorten(path: string, bytes: number): Promise<void> {
  const kept = await endOf(path, bytes)
  const temporary = `${path}.saving`
  await writeFile(temporary, kept, { mode: 0o600 })
  await rename(temporary, path)
}

async function endOf(path: string, bytes: number): Promise<string> {
  await using file = await open(path).catch(() => null)
  if (!file) return ''
  const { size } = await file.stat()
  if (size <= bytes) return readFile(path, 'utf8')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes)
  const text = buffer.subarray(0, bytesRead).toString('utf8')
  return text.slice(text.indexOf('\n') + 1)
}
