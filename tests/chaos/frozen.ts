/** Processes that stand still, so that what they do is under way for as long as somebody wants. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { until } from '@matrixos/testing/until'

export interface Frozen {
  isFrozen: () => boolean
  thaw: () => void
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended.
  }
}

function stateOf(pid: number): string {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

const childrenOf = (pid: number): number[] => {
  try {
    const found = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).trim()
    return found.split('\n').map(Number)
  } catch {
    return []
  }
}

/** A process and its children: of a container, its init and what that runs. */
export function freeze(pid: number): Frozen {
  signal(pid, 'SIGSTOP')
  const all = [pid, ...childrenOf(pid)]
  for (const each of all) signal(each, 'SIGSTOP')
  return {
    isFrozen: () => stateOf(pid) === 'T',
    thaw: () => {
      for (const each of all.toReversed()) if (stateOf(each) === 'T') signal(each, 'SIGCONT')
    },
  }
}

/** The platform's tools for homes: what each was called with, and where it works. */
export function toolsAt(program: string, place: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (!words.slice(0, 4).includes(program)) return false
      return words.some((word) => word.includes(place)) || readlinkSync(`/proc/${pid}/cwd`).includes(place)
    } catch {
      return false
    }
  })
}

/** As soon as there is one. */
export async function freezeTool(program: string, place: string): Promise<Frozen> {
  const [pid] = await until(`${program} works at ${place}`, () => {
    const found = toolsAt(program, place)
    return found.length > 0 && found
  })
  if (pid === undefined) throw new Error(`${program} does not work at ${place}.`)
  return freeze(pid)
}
