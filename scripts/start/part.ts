/** One child process of the supervisor: started in its own process group, with a channel that dies with us. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface PartSpec {
  name: string
  /** The script that Node runs. */
  entry: string
  env: Record<string, string>
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Part {
  pid: number
  /** Settles when the part says that it listens; never, when it ends before. */
  ready: Promise<void>
  exited: Promise<Exit>
  /** Asks it to end by SIGTERM. */
  terminate: () => void
  /** Ends it, and whatever it left in its process group, at once. */
  kill: () => void
}

export type SpawnPart = (spec: PartSpec) => Part

/**
 * A group of its own keeps Ctrl-C in a terminal from reaching all parts at once: the supervisor stops them in order.
 * `onLine` gets every line that the part prints.
 */
export function createPartSpawner(options: {
  node: string
  cwd: string
  env: NodeJS.ProcessEnv
  onLine: (part: string, line: string) => void
}): SpawnPart {
  return ({ name, entry, env }) => {
    const child = spawn(options.node, [entry], {
      cwd: options.cwd,
      env: { ...options.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => options.onLine(name, line))
    }
    return toPart(child)
  }
}

function toPart(child: ChildProcess): Part {
  const pid = child.pid ?? 0
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (pid > 0) process.kill(-pid, signal)
    } catch {
      // Nobody is left in the group.
    }
  }
  return {
    pid,
    ready: new Promise((done) => {
      child.on('message', (message) => {
        if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready')
          done()
      })
    }),
    exited: new Promise((done) => {
      child.on('error', () => done({ code: null, signal: null }))
      child.on('exit', (code, signal) => done({ code, signal }))
    }),
    terminate: () => child.kill('SIGTERM'),
    kill: () => signalGroup('SIGKILL'),
  }
}

export const exitText = ({ code, signal }: Exit): string =>
  signal ? `by ${signal}` : code === null ? 'before it could start' : `with exit code ${code}`
