/** Finds out who listens on a TCP port, from Linux's /proc; elsewhere, and for others' programs, it does not know. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

const LISTENING = '0A'

/** `name (process 123)`, or `null` when it cannot be told. */
export function portHolder(port: number): string | null {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      listening(
        quiet(() => readFileSync(file, 'utf8')),
        port,
      ),
    ),
  )
  if (sockets.size === 0) return null
  const pids = (quiet(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name))
  const pid = pids.find((candidate) => holds(candidate, sockets))
  if (pid === undefined) return null
  // The program's file and no arguments: those may hold secrets.
  const [program = ''] = quiet(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0') ?? []
  return `${basename(program) || 'a program'} (process ${pid})`
}

/** Inodes of the sockets that listen on the port. */
function listening(table: string | null, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return (table ?? '').split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const matches = fields[1]?.endsWith(`:${wanted}`) && fields[3] === LISTENING
    return matches && fields[9] ? [`socket:[${fields[9]}]`] : []
  })
}

function holds(pid: string, sockets: ReadonlySet<string>): boolean {
  const files = quiet(() => readdirSync(`/proc/${pid}/fd`)) ?? []
  return files.some((file) => sockets.has(quiet(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? ''))
}

/** Processes end, and others' are closed to us, while we look. */
function quiet<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
