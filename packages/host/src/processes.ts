/** Looks at other processes of this machine. */
import { readFileSync } from 'node:fs'
import { runCommand } from './run-command.ts'

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The command line of a process, or `null` when it is gone. Linux tells by `/proc`, other systems by `ps`. */
export async function commandOf(pid: number): Promise<string | null> {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return words.length > 0 ? words.join(' ') : null
  } catch {
    if (process.platform === 'linux') return null
    const { code, output } = await runCommand('ps', ['-p', String(pid), '-o', 'args='])
    return code === 0 ? output.trim() : null
  }
}
