/** A small PostgreSQL cluster of a test's own, which it may kill, stop and starve. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOnPath } from '@matrixos/host/parts'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'

export interface OwnPostgres extends AsyncDisposable {
  url: string
  kill: () => Promise<void>
  /** Every process of it hangs, as on a machine that is out of memory, until `thaw`. */
  freeze: () => void
  thaw: () => void
  /** After `kill`, or when it ended by itself. */
  start: () => Promise<void>
  isRunning: () => boolean
  /** Leaves no byte on its disk; only with `diskMb`. */
  fillDisk: () => void
  freeDisk: () => void
}

const DEBIAN = '/usr/lib/postgresql'
const isRoot = process.getuid?.() === 0
/** PostgreSQL refuses to run as root: this is `nobody`. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const as = isRoot ? NOBODY : {}

/** Only root may mount a disk of a limited size. */
export const canLimitDisk = isRoot && process.platform === 'linux'

/** After a kill it reads its log again, which takes a busy machine a while. */
const RECOVERY_MS = 60_000

function binary(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const newest = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin', name))
  const found = newest.find((path) => existsSync(path)) ?? findOnPath(name)
  if (!found) throw new Error(`${name} is missing: npm run setup:real installs PostgreSQL.`)
  return found
}

function makeDisk(folder: string, diskMb: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m,mode=0777`, 'tmpfs', folder])
  return () => void execFileSync('umount', [folder])
}

export async function startOwnPostgres(
  options: { diskMb?: number; port?: number } = {},
): Promise<OwnPostgres> {
  const { diskMb } = options
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'mos-postgres-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (diskMb !== undefined) started.defer(makeDisk(disk, diskMb))
  chmodSync(disk, 0o777)
  const data = join(disk, 'data')
  execFileSync(
    binary('initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--wal-segsize=1'],
    {
      ...as,
      stdio: 'ignore',
    },
  )
  const port = options.port ?? (await freePort())
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const settings = ['max_wal_size=8MB', 'min_wal_size=2MB', 'shared_buffers=16MB', 'unix_socket_directories=']
  let server: ChildProcess | null = null

  const isRunning = () => server !== null && server.exitCode === null && server.signalCode === null
  const start = async () => {
    // Processes of one that was killed end a moment after it; until then no other starts.
    await until(
      'PostgreSQL answers',
      async () => {
        if (!isRunning())
          server = spawn(
            binary('postgres'),
            [
              '-D',
              data,
              '-p',
              String(port),
              '-h',
              '127.0.0.1',
              ...settings.flatMap((setting) => ['-c', setting]),
            ],
            { ...as, stdio: 'ignore' },
          )
        return answers(url)
      },
      RECOVERY_MS,
    )
  }
  const signal = (name: NodeJS.Signals) => {
    for (const pid of familyOf(server?.pid)) send(pid, name)
  }
  const kill = async () => {
    if (!server || !isRunning()) return
    const ended = once(server, 'exit')
    signal('SIGKILL')
    await ended
  }
  started.defer(kill)
  await start()
  const filler = join(disk, 'filler')
  const all = started.move()
  return {
    ...{ url, start, kill, isRunning },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    fillDisk: () => fill(disk, filler),
    freeDisk: () => rmSync(filler, { force: true }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

async function answers(url: string): Promise<boolean> {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined })
  try {
    await client`select 1`
    return true
  } catch {
    return false
  } finally {
    await client.end({ timeout: 0 })
  }
}

/** A worker may have ended by itself, as they do when their server is gone. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The server and its workers, its own first, so that it starts no more of them. */
function familyOf(pid: number | undefined): number[] {
  if (pid === undefined) return []
  try {
    const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    return [pid, ...children.trim().split('\n').map(Number)]
  } catch {
    return [pid]
  }
}

function fill(disk: string, filler: string): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
}
