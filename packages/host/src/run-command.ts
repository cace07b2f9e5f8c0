/** Runs another program to its end. */
import { spawn } from 'node:child_process'
import { environment } from './env.ts'

export interface CommandResult {
  /** Exit code; 127 when the program does not exist, 128 when a signal ended it. */
  code: number
  /** What it printed (stdout and stderr together); empty with `show`. */
  output: string
}

export interface CommandOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Text for its standard input. */
  input?: string
  /** Lets it print to this process's own output instead of collecting it. */
  show?: boolean
  /** Milliseconds after which it is killed. */
  timeoutMs?: number
}

export function runCommand(
  file: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const output = options.show ? 'inherit' : 'pipe'
  return new Promise((done) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? environment,
      timeout: options.timeoutMs,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', output, output],
    })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input)
    child.on('error', (error) => done({ code: 127, output: error.message }))
    child.on('close', (code) => done({ code: code ?? 128, output: Buffer.concat(chunks).toString() }))
  })
}

/** Milliseconds as people read them: `840 ms`, `12.3 s`. */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
