/** Start and stop of one part: waits until it is ready, and makes sure that it stops. */
import { UserError } from '@matrixos/host/root'
import { type Exit, exitText, type Part } from './part.ts'

/** Resolves after that many milliseconds, or earlier (without an error) when the signal fires. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>

export type Say = (level: 'info' | 'warn' | 'error', message: string) => void

interface ReadyOptions {
  delay: Delay
  timeoutMs: number
  stopping: AbortSignal
}

/** What came first: it got ready, it exited, or `timeoutMs` passed (or `stopping` fired). */
export async function becameReady(
  part: Part,
  { delay, timeoutMs, stopping }: ReadyOptions,
): Promise<'ready' | 'late' | Exit> {
  const done = new AbortController()
  const outcome = await Promise.race([
    part.ready.then(() => 'ready' as const),
    part.exited,
    delay(timeoutMs, AbortSignal.any([stopping, done.signal])).then(() => 'late' as const),
  ])
  done.abort()
  return outcome
}

/** Throws a UserError when the part ends first, takes longer than `timeoutMs`, or `stopping` fires. */
export async function untilReady(name: string, part: Part, options: ReadyOptions): Promise<void> {
  const { timeoutMs, stopping } = options
  const outcome = await becameReady(part, options)
  if (stopping.aborted) throw new UserError('Stopped before everything had started.')
  if (outcome === 'late') throw new UserError(`${name} was not ready after ${timeoutMs / 1000} s.`)
  if (outcome !== 'ready') {
    throw new UserError(`${name} exited (${exitText(outcome)}) while starting. Its output above says why.`)
  }
}

/** SIGTERM, `graceMs`, SIGKILL; resolves when it is gone together with its process group. */
export async function stopPart(
  name: string,
  part: Part,
  { delay, graceMs, say }: { delay: Delay; graceMs: number; say: Say },
): Promise<void> {
  part.terminate()
  const done = new AbortController()
  const outcome = await Promise.race([part.exited, delay(graceMs, done.signal).then(() => 'late' as const)])
  done.abort()
  if (outcome === 'late') say('warn', `${name} did not stop within ${graceMs / 1000} s: killing it`)
  part.kill()
  await part.exited
}
