/** One child process of the supervisor: started in its own process group, with a channel that dies with us. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

const PROBE_MS = 50

export interface PartSpec {
  name: string
  /** Program and arguments. */
  command: [string, ...string[]]
  env: Record<string, string>
  /** For a program that is not ours: it says nothing over the channel, so it is asked until it answers. */
  probe?: () => Promise<boolean>
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
  /** Asks whether it is alive; `onAnswer` may be called late, and never. */
  ask: (onAnswer: () => void) => void
  /** Asks it to end by SIGTERM. */
  terminate: () => void
  /** Ends it, and whatever it left in its process group, at once. */
  kill: () => void
}

export type SpawnPart = (spec: PartSpec) => Part

/**
 * A group of its own keeps Ctrl-C in a terminal from reaching all parts at once: the supervisor stops them in order.
 * `onLine` gets every line that the part prints. `onReady` hears each time that it says it is ready: it may listen
 * already and still wait for something, such as its database.
 */
export function createPartSpawner(options: {
  cwd: string
  env: NodeJS.ProcessEnv
  onLine: (part: string, line: string) => void
  onReady?: (part: string, waitsFor: string | null) => void
}): SpawnPart {
  return ({ name, command: [file, ...args], env, probe }) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...options.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(probe ? [] : ['ipc' as const])],
    })
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => options.onLine(name, line))
    }
    if (probe) leash(child)
    return toPart(
      child,
      probe ? probed(child, probe) : overChannel(child, (waitsFor) => options.onReady?.(name, waitsFor)),
    )
  }
}

type Contact = Pick<Part, 'ready' | 'ask'>

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), waitsFor: z.string().optional() }),
  z.object({ type: z.literal('pong') }),
])

/** One of our own parts. */
function overChannel(child: ChildProcess, onReady: (waitsFor: string | null) => void): Contact {
  let answered = () => {}
  const ready = new Promise<void>((done) => {
    child.on('message', (message) => {
      const { data } = messageSchema.safeParse(message)
      if (data?.type === 'pong') answered()
      if (data?.type !== 'ready') return
      onReady(data.waitsFor ?? null)
      done()
    })
  })
  const ask = (onAnswer: () => void) => {
    answered = onAnswer
    // It may be about to end.
    if (child.connected) child.send({ type: 'ping' }, () => {})
  }
  return { ready, ask }
}

const probed = (child: ChildProcess, probe: () => Promise<boolean>): Contact => ({
  ready: answers(child, probe),
  ask: (onAnswer) => void probe().then((is) => is && onAnswer()),
})

/** Never settles when the process ends before it answers, as that of our own parts does not. */
async function answers(child: ChildProcess, probe: () => Promise<boolean>): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await probe()) return
    await wait(PROBE_MS)
  }
  return new Promise(() => {})
}

/** A foreign program has no channel that dies with us: a shell waits for the end of our pipe and stops it then. */
function leash(child: ChildProcess): void {
  if (child.pid === undefined) return
  const script = 'read -r _; kill -TERM "$1"'
  const holder = spawn('sh', ['-c', script, 'leash', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  holder.on('error', () => {})
  child.on('exit', () => holder.kill('SIGKILL'))
}

function toPart(child: ChildProcess, contact: Contact): Part {
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
    ...contact,
    exited: new Promise((done) => {
      child.on('error', () => done({ code: null, signal: null }))
      child.on('exit', (code, signal) => done({ code, signal }))
    }),
    terminate: () => child.kill('SIGTERM'),
    kill: () => signalGroup('SIGKILL'),
  }
}

export const exitText = ({ code, signal }: Exit): string =>
  signal ?? (code === null ? 'could not be started' : `exit code ${code}`)
