/** The servers of apps: started when somebody comes, stopped when nobody has been there for a while, restarted with patience. */
import type { AppServer } from '../protocol.ts'
import { type Entry, longestUnused, newEntry, noteFailure } from './entry.ts'
import { openLogFile } from './log-file.ts'
import { ServerProblem } from './problem.ts'
import { type ServerProcess, startProcess } from './process.ts'

export interface ServersOptions {
  /** Absolute path of a shell; `null`: no programs run on this computer, and `refusal` says why. */
  shell: string | null
  refusal: string
  environment: Record<string, string>
  folderOf: (app: string) => string
  logPathOf: (app: string) => string
  /** Milliseconds that only go forward. */
  clock: () => number
  onChange: (app: string) => void
  limits?: Partial<ServerLimits>
}

export interface ServerLimits {
  atOnce: number
  mostBytes: number
  startWithinMs: number
  idleMs: number
  /** After the first failure; each one in a row doubles it. */
  backOffMs: number
}

const LIMITS: ServerLimits = {
  atOnce: 4,
  mostBytes: 192 * 1024 * 1024,
  startWithinMs: 20_000,
  idleMs: 5 * 60_000,
  backOffMs: 1_000,
}
const GOING = 'This computer is about to sleep.'

export interface Lease {
  port: number
  /** It is used no longer. */
  end(): void
}

export type Servers = ReturnType<typeof createServers>

export function createServers(options: ServersOptions) {
  const { shell, refusal, environment, clock, onChange } = options
  const limits = { ...LIMITS, ...options.limits }
  const entries = new Map<string, Entry>()
  let isOver = false

  const enter = (entry: Entry, state: AppServer['state'], reason: string | null = null) => {
    entry.state = state
    entry.reason = reason
    onChange(entry.app)
  }
  const entryOf = (app: string): Entry => {
    const known = entries.get(app)
    if (known) return known
    const entry = newEntry(app, openLogFile(options.logPathOf(app)))
    entries.set(app, entry)
    return entry
  }

  const failed = (entry: Entry, reason: string) => {
    noteFailure(entry, clock(), limits.backOffMs)
    entry.log.add(`— ${reason}\n`)
    enter(entry, 'failed', reason)
  }

  const open = async (entry: Entry, command: string, from: string): Promise<ServerProcess> => {
    await entry.stopping
    await makeRoom(entry)
    entry.command = command
    entry.startedAt = clock()
    entry.log.add(`— Starting: ${command}\n`)
    enter(entry, 'starting')
    const { startWithinMs, mostBytes } = limits
    const started = await startProcess({
      ...{ shell: from, command, environment: { ...environment, MATRIX_APP: entry.app } },
      ...{ folder: options.folderOf(entry.app), log: entry.log, startWithinMs, mostBytes },
    })
    if (isOver) {
      await started.stop()
      throw new ServerProblem(GOING)
    }
    entry.process = started
    void started.ended.then((reason) => {
      if (entry.process !== started) return
      entry.process = null
      failed(entry, reason)
    })
    await started.ready
    enter(entry, 'running')
    return started
  }

  const makeRoom = async (entry: Entry) => {
    const running = [...entries.values()].filter((one) => one !== entry && (one.process || one.opening))
    if (running.length >= limits.atOnce) await stop(longestUnused(running, limits.atOnce))
  }

  const stop = async (entry: Entry) => {
    const running = entry.process
    entry.process = null
    clearTimeout(entry.idle)
    if (!running) return
    entry.stopping = running.stop()
    await entry.stopping
    // Somebody may have come meanwhile.
    if (!entry.process && !entry.opening) enter(entry, 'stopped')
  }

  const processOf = async (entry: Entry, command: string): Promise<ServerProcess> => {
    if (shell === null) throw new ServerProblem(refusal)
    if (isOver) throw new ServerProblem(GOING)
    if (entry.process && entry.command !== command && entry.leases === 0) await stop(entry)
    if (entry.process && entry.state === 'running') return entry.process
    if (!entry.opening) {
      const waitMs = entry.state === 'failed' ? entry.retryAt - clock() : 0
      if (waitMs > 0) {
        const reason = entry.reason ?? 'It failed.'
        throw new ServerProblem(reason, await entry.log.tail(), Math.ceil(waitMs / 1_000))
      }
      entry.opening = open(entry, command, shell).finally(() => {
        entry.opening = null
      })
    }
    return entry.opening.catch(async (error: Error) => {
      throw error instanceof ServerProblem ? error : new ServerProblem(error.message, await entry.log.tail())
    })
  }

  return {
    /** Resolves when it listens. Rejects with a ServerProblem. */
    async use(app: string, command: string): Promise<Lease> {
      const entry = entryOf(app)
      const { port } = await processOf(entry, command)
      clearTimeout(entry.idle)
      entry.leases++
      let isLetGo = false
      return {
        port,
        end() {
          if (isLetGo) return
          isLetGo = true
          if (--entry.leases > 0) return
          entry.idle = setTimeout(() => void stop(entry), limits.idleMs).unref()
        },
      }
    },
    stateOf(app: string): AppServer {
      const entry = entries.get(app)
      if (shell === null) return { state: 'refused', reason: refusal }
      return { state: entry?.state ?? 'stopped', reason: entry?.reason ?? null }
    },
    logOf: (app: string): Promise<string> =>
      (entries.get(app)?.log ?? openLogFile(options.logPathOf(app))).tail(Number.MAX_SAFE_INTEGER),
    /** The next one who comes starts it anew, at once. */
    async stop(app: string): Promise<void> {
      const entry = entries.get(app)
      if (!entry) return
      await entry.opening?.catch(() => undefined)
      await stop(entry)
      entry.failures = 0
      entry.retryAt = 0
      if (!entry.process && !entry.opening) enter(entry, 'stopped')
    },
    async stopAll(): Promise<void> {
      isOver = true
      await Promise.all([...entries.values()].map(stop))
      await Promise.all([...entries.values()].map(({ opening }) => opening?.catch(() => undefined)))
      await Promise.all([...entries.values()].map(({ log }) => log.settled()))
    },
  }
}
