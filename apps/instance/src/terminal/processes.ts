/** What `/proc` tells of a terminal's programs: which is in front, where it works, and which belong to one terminal. */
import { readdir, readFile, readlink } from 'node:fs/promises'

interface ProcessStat {
  pid: number
  /** The session's leader: for a terminal, its shell. */
  session: number
  /** The process group in front of its terminal, or -1. */
  foreground: number
  isZombie: boolean
}

async function readStat(pid: number | string): Promise<ProcessStat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  // The name, in parentheses, may hold anything, parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    pid: Number(pid),
    isZombie: fields[0] === 'Z',
    session: Number(fields[3]),
    foreground: Number(fields[5]),
  }
}

export interface InFront {
  /** Its name, when the shell itself is not what is in front. */
  program: string | null
  /** Absolute path; `null` when it cannot be known. */
  folder: string | null
}

export async function inFrontOf(shell: number): Promise<InFront> {
  const stat = await readStat(shell)
  const front = stat && stat.foreground > 0 && stat.foreground !== shell ? stat.foreground : null
  const [name, folder] = await Promise.all([
    front === null ? null : readFile(`/proc/${front}/comm`, 'utf8').catch(() => null),
    readlink(`/proc/${shell}/cwd`).catch(() => null),
  ])
  return { program: name?.trim() || null, folder: folder?.replace(/ \(deleted\)$/, '') ?? null }
}

/** What was started from a terminal and still runs. */
export async function membersOf(session: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [])
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat))
  // A shell makes its session itself, a moment after its start.
  const isMember = (stat: ProcessStat) => stat.session === session || stat.pid === session
  return stats.flatMap((stat) => (stat && isMember(stat) && !stat.isZombie ? [stat.pid] : []))
}

const LOOK_EVERY_MS = 25

/**
 * Hangs up on everything that was started from a terminal, as closing its window would, and kills what has not gone
 * after `graceMs`. What made a session of its own (`setsid`) is no part of it.
 */
export async function endSession(session: number, graceMs: number): Promise<void> {
  const signal = (name: NodeJS.Signals, pids: number[]) => {
    for (const pid of pids) send(pid, name)
  }
  const deadline = performance.now() + graceMs
  const first = await membersOf(session)
  signal('SIGHUP', first)
  // What was stopped by Ctrl+Z hears nothing before it goes on.
  signal('SIGCONT', first)
  for (let left = first; left.length > 0; left = await membersOf(session)) {
    if (performance.now() > deadline) signal('SIGKILL', left)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just gone.
  }
}
