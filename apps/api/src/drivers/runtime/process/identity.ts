/** Which process a pid means. Pids are reused, so each is kept together with its process's start time. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface ProcessLook {
  /** Start time, in whatever form the system gives it: compared, never computed with. */
  startTime: string
  state: 'running' | 'paused'
}

/** Field 2 of the stat line, the name in brackets, may hold anything: what counts begins after the last bracket. */
async function lookInProc(pid: number): Promise<ProcessLook | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  const startTime = fields[19]
  if (startTime === undefined || 'ZXx'.includes(state)) return null
  return { startTime, state: state === 'T' ? 'paused' : 'running' }
}

/** For systems without /proc. */
async function lookWithPs(pid: number): Promise<ProcessLook | null> {
  const { stdout } = await run('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  const [, state = '', startTime] = /^(\S+)\s+(.+?)\s*$/.exec(stdout) ?? []
  if (startTime === undefined || state.startsWith('Z')) return null
  return { startTime, state: state.startsWith('T') ? 'paused' : 'running' }
}

/** `null`: there is no such process, or only its exit code is left. */
export const look: (pid: number) => Promise<ProcessLook | null> =
  process.platform === 'linux' ? lookInProc : lookWithPs

/** Pids of processes that were started with this argument, found in the process table. */
export async function pidsWithArgument(argument: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 16 * 1024 * 1024 })
  return stdout
    .split('\n')
    .filter((line) => ` ${line} `.includes(` ${argument} `))
    .map((line) => Number.parseInt(line, 10))
}
