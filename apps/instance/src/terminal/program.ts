/** A shell on a pseudoterminal: bytes out, text in, and a brake. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { PlainError } from '../files/plain-words.ts'
import { launchOf } from './launch.ts'
import { NO_SHELL } from './words.ts'

export interface ProgramOptions {
  shell: string
  /** Absolute path of a folder that is there. */
  folder: string
  environment: Record<string, string>
  columns: number
  rows: number
  onOutput: (bytes: Buffer) => void
  /** Once, after the last output. `code`: as a shell tells it, 128 and the signal's number for one that was killed. */
  onEnd: (code: number) => void
}

export interface Program {
  /** Also the number of its session, see `endSession`. */
  readonly pid: number
  /** Bytes that it has not read yet. */
  readonly unread: number
  /** Resolves when the program's terminal has taken it; also when that is gone. */
  write(data: Buffer): Promise<void>
  resize(columns: number, rows: number): void
  /** Nothing is read until `resume`: a program that writes on waits. */
  pause(): void
  resume(): void
}

/** The system may end a program before the computer itself when memory is short. */
const FIRST_TO_GO = '500'
const LOOK_EVERY_MS = 50

async function open({ shell, folder, environment, columns, rows }: ProgramOptions) {
  const { spawn } = await import('@lydell/node-pty')
  const { file, args } = launchOf(shell)
  const size = { cols: columns, rows }
  try {
    // Bytes: a character that is split between two reads must not become two wrong ones.
    return spawn(file, args, {
      name: 'xterm-256color',
      cwd: folder,
      env: environment,
      encoding: null,
      ...size,
    })
  } catch (error) {
    throw new PlainError(NO_SHELL, { cause: error })
  }
}

/** Rejects with a PlainError when the shell or the pseudoterminal cannot be had. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const pty = await open(options)
  // The typings know text only.
  pty.onData((data: unknown) => options.onOutput(Buffer.isBuffer(data) ? data : Buffer.from(String(data))))
  // Its own `write` tells neither when something was taken nor how much waits.
  const stream: unknown = Reflect.get(pty, '_socket')
  if (!(stream instanceof Socket)) throw new Error('The pseudoterminal has no stream.')
  void writeFile(`/proc/${pty.pid}/oom_score_adj`, FIRST_TO_GO).catch(() => undefined)

  let hasEnded = false
  let watch: NodeJS.Timeout | undefined
  const resume = () => {
    clearInterval(watch)
    watch = undefined
    pty.resume()
  }
  pty.onExit(({ exitCode, signal }) => {
    hasEnded = true
    clearInterval(watch)
    options.onEnd(signal ? 128 + signal : exitCode)
  })
  return {
    pid: pty.pid,
    get unread() {
      return stream.writableLength
    },
    write: (data) =>
      new Promise((resolve) => {
        if (hasEnded || stream.destroyed) resolve()
        else stream.write(data, () => resolve())
      }),
    resize(columns, rows) {
      if (!hasEnded && !stream.destroyed) pty.resize(columns, rows)
    },
    pause() {
      if (hasEnded || watch) return
      pty.pause()
      // Of a program that ends meanwhile, what the system still holds (a few kilobytes) would be thrown away.
      watch = setInterval(() => {
        if (!existsSync(`/proc/${pty.pid}`)) resume()
      }, LOOK_EVERY_MS)
    },
    resume,
  }
}
