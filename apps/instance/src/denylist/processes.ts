/** The programs of this computer, as `/proc` shows them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Described } from './match.ts'

export interface Running extends Described {
  pid: number
  parent: number
}

/** Those that may be looked into; of the others there is nothing to be known. */
export async function runningPrograms(): Promise<Running[]> {
  const names = await readdir('/proc').catch(() => [])
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(describe))
  return found.filter((one) => one !== null)
}

async function describe(pid: string): Promise<Running | null> {
  try {
    const [stat, line, file] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readlink(`/proc/${pid}/exe`),
    ])
    // The name, in parentheses, may hold anything, parentheses too.
    const end = stat.lastIndexOf(')')
    return {
      pid: Number(pid),
      parent: Number(stat.slice(end + 2).split(' ')[1]),
      name: stat.slice(stat.indexOf('(') + 1, end),
      command: line.split('\0').slice(0, -1),
      file: file.replace(/ \(deleted\)$/, ''),
    }
  } catch {
    return null
  }
}

/** What was started from one of these, and what that started. */
export function descendantsOf(roots: ReadonlySet<number>, all: readonly Running[]): Running[] {
  const known = new Set(roots)
  for (let before = -1; before !== known.size; ) {
    before = known.size
    for (const { pid, parent } of all) if (known.has(parent)) known.add(pid)
  }
  return all.filter(({ pid }) => known.has(pid) && !roots.has(pid))
}

const LARGEST_FILE = 128 * 1024 * 1024
const MOST_KNOWN = 1_000

/** By the file that runs, read once for as long as it is the same; `null`: it cannot be read, or is too large. */
export function createFileHash() {
  const known = new Map<string, string>()
  return async (pid: number): Promise<string | null> => {
    const path = `/proc/${pid}/exe`
    try {
      const { dev, ino, size, mtimeMs } = await stat(path)
      const key = `${dev} ${ino} ${size} ${mtimeMs}`
      const before = known.get(key)
      if (before !== undefined || size > LARGEST_FILE) return before ?? null
      const hash = createHash('sha256')
      await pipeline(createReadStream(path), hash)
      if (known.size >= MOST_KNOWN) known.clear()
      const digest = hash.digest('hex')
      known.set(key, digest)
      return digest
    } catch {
      return null
    }
  }
}
