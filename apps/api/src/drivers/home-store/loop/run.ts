/** Runs the system's tools for file systems, each piece of work as one shell of its own: whoever kills the api leaves it whole. */
import { execFile } from 'node:child_process'

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
/** Of a check of a large file system after a crash. What takes longer hangs. */
const LONGEST_MS = 600_000
/** A repair says a line for each thing it found: killed in the middle of it for that, it would leave the rest broken. */
const MOST_OUTPUT_BYTES = 64 * 1_048_576

export class ToolError extends Error {
  /** Exit code; `null`: it was killed, or never ran. */
  readonly code: number | null
  constructor(code: number | null, complaint: string, cause: unknown) {
    super(`ended with ${code}: ${complaint}`, { cause })
    this.code = code
  }
}

/** Resolves with what it printed. Throws a ToolError with the end of what it complained about. */
export function runShell(script: string, args: readonly string[]): Promise<string> {
  const env = { PATH, LC_ALL: 'C' }
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      ['-euc', script, 'homes', ...args],
      { env, timeout: LONGEST_MS, maxBuffer: MOST_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const code = typeof error.code === 'number' ? error.code : null
        reject(new ToolError(code, stderr.trim().slice(-2_000), error))
      },
    )
  })
}

/**
 * The same, and nobody else works in this folder meanwhile, in whatever process. The lock is the shell's, and the programs
 * that it starts do not keep it.
 */
export const runLocked = (folder: string, script: string, args: readonly string[] = []): Promise<string> =>
  runShell(`exec 9<"$1"; flock 9; shift; ${script}`, [folder, ...args])
