/** Where the repository is, and the error that a person can act on. */
import { resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../../..')

/** Its message says what to do; shown without a stack trace. */
export class UserError extends Error {
  override name = 'UserError'
}

/** Prints an error as the last word of a script: only unexpected ones come with their stack. Sets exit code 1. */
export function showError(error: unknown): void {
  const text =
    error instanceof UserError ? error.message : error instanceof Error ? error.stack : String(error)
  console.error(`\n${text}\n`)
  process.exitCode = 1
}
