/** Looking for processes by their environment, on Linux. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ids of processes with this variable whose environment names that folder. */
export function findProcesses(variable: string, folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.filter((pid) => {
    const variables = environmentOf(pid)
    return variables.includes(variable) && variables.some((one) => one.includes(folder))
  })
  return found.map(Number)
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return [] // It has ended, or is somebody else's.
  }
}
