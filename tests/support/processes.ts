/** Looking for processes by their environment, on Linux. */
import { readdirSync, readFileSync } from 'node:fs'

/** Processes with this variable whose environment names that folder. */
export function countProcesses(variable: string, folder: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => {
    const variables = environmentOf(pid)
    return variables.includes(variable) && variables.some((one) => one.includes(folder))
  }).length
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return [] // It has ended, or is somebody else's.
  }
}
