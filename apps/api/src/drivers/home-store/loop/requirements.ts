/** What a machine must have to keep homes in images. */
import { runShell } from './run.ts'
import { MISSING } from './scripts.ts'

/** Throws an Error with what is missing, and what to do about it. */
export async function requireLoop(): Promise<void> {
  const missing =
    process.platform === 'linux' ? (await runShell(MISSING, [])).split('\n').filter(Boolean) : ['Linux']
  if (missing.length === 0) return
  const fix = 'Install e2fsprogs and util-linux and run the api as root, or set HOME_STORE=local.'
  throw new Error(`HOME_STORE=loop is not possible on this machine: ${missing.join(', ')} is missing. ${fix}`)
}
