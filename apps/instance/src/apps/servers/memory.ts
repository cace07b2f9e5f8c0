/** Keeps an app's server within its memory: nobody else does, where all of a computer's programs share one container. */
import { readFile } from 'node:fs/promises'
import { membersOf } from '../../terminal/processes.ts'

export interface MemoryWatch {
  /** The process that leads its group. */
  session: number
  mostBytes: number
  signal: AbortSignal
  /** Told once, with a sentence. */
  onTooMuch: (why: string) => void
}

const LOOK_EVERY_MS = 2_000
const PAGE_BYTES = 4_096
const MOST_PROCESSES = 32

export function watchMemory({ session, mostBytes, signal, onTooMuch }: MemoryWatch): void {
  const look = async () => {
    const members = await membersOf(session)
    const used = (await Promise.all(members.map(residentBytes))).reduce((sum, bytes) => sum + bytes, 0)
    if (signal.aborted) return
    if (used > mostBytes)
      stop(`It used more than ${Math.round(mostBytes / 1_048_576)} MB of memory, and was stopped.`)
    else if (members.length > MOST_PROCESSES)
      stop(`It ran more than ${MOST_PROCESSES} processes at once, and was stopped.`)
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref()
  const stop = (why: string) => {
    clearInterval(timer)
    onTooMuch(why)
  }
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

const residentBytes = async (pid: number): Promise<number> => {
  const [, resident] = (await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')).split(' ')
  return Number(resident ?? 0) * PAGE_BYTES
}
