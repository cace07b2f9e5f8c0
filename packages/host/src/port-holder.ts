/** Finds the process that listens on a TCP port. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { commandOf } from './processes.ts'
import { runCommand } from './run-command.ts'

export interface PortHolder {
  pid: number
  /** Name of its program, without the arguments: those may hold secrets and do not belong into a log. */
  program: string
  /** The whole command line, for the person at the terminal. */
  command: string
}

/** `null` where it cannot be found out: another user's process, or a system without `/proc` and `lsof`. */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const pid = process.platform === 'linux' ? pidFromProc(port) : await pidFromLsof(port)
  if (pid === null) return null
  const command = (await commandOf(pid)) ?? 'unknown'
  return { pid, program: basename(command.split(' ', 1)[0] ?? command), command }
}

/** State `0A` of `/proc/net/tcp` is LISTEN; addresses are hexadecimal, `0100007F:1F90`. */
const LISTEN = '0A'

function pidFromProc(port: number): number | null {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return null
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && holdsSocket(`/proc/${name}/fd`, inodes)) return Number(name)
  }
  return null
}

function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readOr('', () => readFileSync(table, 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === LISTEN)
    .flatMap((fields) => fields[9] ?? [])
}

function holdsSocket(fdDir: string, inodes: Set<string>): boolean {
  return readOr([], () => readdirSync(fdDir)).some((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(readOr('', () => readlinkSync(`${fdDir}/${fd}`)))?.[1]
    return inode !== undefined && inodes.has(inode)
  })
}

/** Processes end, and belong to others, while one looks at them. */
function readOr<T>(fallback: T, read: () => T): T {
  try {
    return read()
  } catch {
    return fallback
  }
}

async function pidFromLsof(port: number): Promise<number | null> {
  const { code, output } = await runCommand('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'])
  const pid = code === 0 ? /^p(\d+)$/m.exec(output)?.[1] : undefined
  return pid === undefined ? null : Number(pid)
}
