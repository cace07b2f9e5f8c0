/** A program of somebody else's, run as a process of its own with nothing but its environment. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'

export interface Program {
  /** What it has printed so far. */
  output: () => string
  /** Its exit code. */
  ended: Promise<number | null>
  [Symbol.asyncDispose]: () => Promise<void>
}

/** `path`: from the root of the project. `interpreter`: of another language. */
export function startProgram(
  path: string,
  env: Record<string, string>,
  interpreter = process.execPath,
): Program {
  const child = spawn(interpreter, [join(ROOT, path)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  return {
    output: () => output,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}
