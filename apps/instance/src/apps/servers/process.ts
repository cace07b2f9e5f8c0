/** One app's server: a program in a group of its own, which ends as a whole. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { endSession } from '../../terminal/processes.ts'
import type { LogFile } from './log-file.ts'
import { watchMemory } from './memory.ts'

export interface ServerProcess {
  port: number
  /** Resolves when it accepts connections; rejects with a sentence when it never will. */
  ready: Promise<void>
  /** Resolves with why, when all of it is gone. */
  ended: Promise<string>
  /** Resolves when it is gone. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  /** Absolute path of the shell that runs the command. */
  shell: string
  command: string
  /** Absolute path of the app. */
  folder: string
  environment: Record<string, string>
  log: LogFile
  /** How long it may take to listen. */
  startWithinMs: number
  /** Of all its processes together. */
  mostBytes: number
}

const STOP_WITHIN_MS = 3_000
/** When memory is short, an app goes before the computer does. */
const GO_FIRST = 'echo 500 2>/dev/null >/proc/self/oom_score_adj'

/** Rejects when no process can be had. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const { shell, command, folder, environment, log, startWithinMs, mostBytes } = options
  const port = await freePort()
  const child = spawn(shell, ['-c', `${GO_FIRST}\n${command}`], {
    cwd: folder,
    env: { ...environment, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A session of its own, so that everything it starts can be found and ended.
    detached: true,
  })
  const gone = new AbortController()
  let reason = ''
  child.stdout.on('data', log.add)
  child.stderr.on('data', log.add)
  const { pid } = child
  const end = async (why: string) => {
    reason ||= why
    if (pid !== undefined) await endSession(pid, STOP_WITHIN_MS)
  }
  const ended = endOf(child).then(async (said) => {
    gone.abort()
    await end(said)
    return reason
  })
  if (pid !== undefined) watchMemory({ session: pid, mostBytes, signal: gone.signal, onTooMuch: end })
  const ready = untilListening(port, startWithinMs, gone.signal).catch(async () => {
    await end(`It did not listen on port ${port} (PORT) within ${Math.round(startWithinMs / 1_000)} s.`)
    throw new Error(await ended)
  })
  // Whoever does not wait for it hears of its end.
  ready.catch(() => undefined)
  return { port, ready, ended, stop: () => end('It was stopped.') }
}

async function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`It could not be started: ${error.message}.`))
    child.once('exit', (code, signal) =>
      resolve(signal ? `It was ended by ${signal}.` : `It ended by itself, with exit code ${code}.`),
    )
  })
}

/** One that nothing listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('No port is free.')
  return address.port
}

const ASK_EVERY_MS = [20, 20, 50, 50, 100, 100, 250]

async function untilListening(port: number, withinMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + withinMs
  for (let attempt = 0; performance.now() < deadline; attempt++) {
    signal.throwIfAborted()
    if (await accepts(port)) return
    await wait(ASK_EVERY_MS[Math.min(attempt, ASK_EVERY_MS.length - 1)], undefined, { signal })
  }
  throw new Error('It is too late.')
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
