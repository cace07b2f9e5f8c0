/**
 * Looks, while somebody has a terminal or the chat runs, at the programs of this computer, and ends those that the platform
 * does not want. Terminals, the AI's commands and what either starts are all the same to it. It is no wall: it goes by names.
 */
import type { ChildProcess } from 'node:child_process'
import type { Denylist } from '@matrixos/shared'
import { deniedName, wordsOf } from './match.ts'
import type { Running } from './processes.ts'

export interface WatchOptions {
  list: Denylist
  /** Whether all that runs beside this process is the owner's: in a container of its own. */
  isAlone: boolean
  programs: () => Promise<Running[]>
  descendants: (roots: ReadonlySet<number>, all: readonly Running[]) => Running[]
  /** Of the file that runs. */
  hashOf: (pid: number) => Promise<string | null>
  kill: (pid: number) => void
  /** Tells the platform. */
  report: (name: string) => void
  /** This process, and what it is a child of. */
  own: readonly number[]
  everyMs: number
}

type Followed = Pick<ChildProcess, 'pid' | 'once' | 'exitCode' | 'signalCode'>

export interface Watch {
  /** Watches for as long as this process lives. `tell`: says it to whoever is there. */
  follow(child: Followed, tell?: (words: string) => void): void
}

export function createWatch(options: WatchOptions): Watch & { look: () => Promise<void> } {
  const { list, isAlone, programs, descendants, hashOf, kill, report, own, everyMs } = options
  const followed = new Map<Followed, ((words: string) => void) | undefined>()
  let timer: NodeJS.Timeout | undefined
  let isLooking = false

  const pids = () => new Set([...followed.keys()].flatMap(({ pid }) => pid ?? []))

  async function reasonOf(program: Running): Promise<string | null> {
    const name = deniedName(program, list)
    if (name !== null || list.hashes.size === 0) return name
    const hash = await hashOf(program.pid)
    return hash !== null && list.hashes.has(hash) ? program.name : null
  }

  async function look(): Promise<void> {
    const all = await programs()
    const roots = pids()
    const theirs = isAlone ? all : descendants(roots, all)
    const ended = new Set<string>()
    for (const program of theirs) {
      if (roots.has(program.pid) || own.includes(program.pid)) continue
      const name = await reasonOf(program)
      if (name === null) continue
      kill(program.pid)
      ended.add(name)
    }
    for (const name of ended) {
      report(name)
      for (const tell of followed.values()) tell?.(wordsOf(name))
    }
  }

  const tick = async () => {
    if (isLooking) return
    isLooking = true
    await look().catch(() => undefined)
    isLooking = false
  }

  return {
    look,
    follow(child, tell) {
      if (child.exitCode !== null || child.signalCode !== null) return
      followed.set(child, tell)
      timer ??= setInterval(() => void tick(), everyMs).unref()
      child.once('exit', () => {
        followed.delete(child)
        if (followed.size > 0) return
        clearInterval(timer)
        timer = undefined
      })
    },
  }
}
