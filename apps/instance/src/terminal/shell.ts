/** The shell of one terminal, and the next one after it: whole sequences out, one state. */
import { PlainError } from '../files/plain-words.ts'
import { createBoundary } from './boundary.ts'
import { endSession, membersOf } from './processes.ts'
import { type Program, startProgram } from './program.ts'
import { createStringLimit } from './strings.ts'
import { CLOSED, NO_ROOM } from './words.ts'

export interface ShellOptions {
  shell: string
  environment: Record<string, string>
  /** Only whole sequences and characters. */
  onOutput: (bytes: Buffer) => void
  onEnd: (code: number) => void
  /** How long what is left may take to end by itself. */
  graceMs: number
  /** Resolves to how many processes and threads can still be started. */
  room: () => Promise<number>
}

/** A shell, what it starts first, and a thread that waits for its end: without that one, all terminals would end. */
const ROOM_FOR_SHELL = 6

export interface Shell {
  /** `null`: none runs. */
  readonly program: Program | null
  /** Whoever asks while it starts waits for the same start. Rejects when the shell cannot be had, or `end` came before. */
  start(place: { folder: string; columns: number; rows: number }): Promise<void>
  /** Whether it is all that runs. */
  isIdle(): Promise<boolean>
  /** Resolves when neither it nor what was started from it runs any more. */
  end(): Promise<void>
}

export function createShell(options: ShellOptions): Shell {
  const { shell, environment, onOutput, onEnd, graceMs, room } = options
  let program: Program | null = null
  let starting: Promise<void> | null = null
  let isOver = false
  /** Shells that have ended, of which something runs on in the background. */
  const leftBehind = new Set<number>()

  const start: Shell['start'] = async (place) => {
    const boundary = createBoundary()
    const limit = createStringLimit()
    const pieces: Buffer[] = []
    let flush: NodeJS.Immediate | undefined
    const output = (bytes: Buffer) => {
      if (bytes.length > 0) onOutput(bytes)
    }
    const passOn = () => {
      flush = undefined
      output(boundary.push(limit(Buffer.concat(pieces.splice(0)))))
    }
    if ((await room()) < ROOM_FOR_SHELL) throw new PlainError(NO_ROOM)
    const started = await startProgram({
      ...{ shell, environment, ...place },
      // All that is read in one round of the event loop goes out as one frame.
      onOutput: (bytes) => {
        pieces.push(bytes)
        flush ??= setImmediate(passOn)
      },
      onEnd: async (code) => {
        clearImmediate(flush)
        passOn()
        output(boundary.end())
        program = null
        onEnd(code)
        // A number that nothing uses any more may become another program's.
        if ((await membersOf(started.pid)).length > 0) leftBehind.add(started.pid)
      },
    })
    program = started
  }

  return {
    get program() {
      return program
    },
    async start(place) {
      // Nobody would end what starts now.
      if (isOver) throw new PlainError(CLOSED)
      starting ??= start(place).finally(() => {
        starting = null
      })
      await starting
    },
    async isIdle() {
      for (const session of leftBehind) {
        if ((await membersOf(session)).length === 0) leftBehind.delete(session)
      }
      const members = program ? await membersOf(program.pid) : []
      return members.length <= 1 && leftBehind.size === 0
    },
    async end() {
      isOver = true
      await starting?.catch(() => undefined)
      const sessions = [...leftBehind, ...(program ? [program.pid] : [])]
      await Promise.all(sessions.map((session) => endSession(session, graceMs)))
    },
  }
}
