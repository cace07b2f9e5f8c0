/** Watches a handle while it is typed: checks its form at once, and asks the api after a pause in typing. */
import {
  HANDLE_RESERVED,
  HANDLE_RULE,
  type HandleAvailability,
  handleProblem,
  normalizeHandle,
} from '@matrixos/shared'
import { retryPause } from './time.ts'

export type HandleState =
  | { status: 'empty' }
  | { status: 'checking'; handle: string }
  /** The api could not be asked yet; it is asked again, and sign-up itself checks too. */
  | { status: 'unknown'; handle: string }
  | { status: HandleAvailability['status']; handle: string; message: string }

export interface AvailabilityOptions {
  check: (handle: string, signal: AbortSignal) => Promise<HandleAvailability>
  onChange: (state: HandleState) => void
  /** Milliseconds without a keystroke before the api is asked. */
  delayMs: number
}

/** What is wrong with the form of a normalized handle, in a few words, or `null`. */
export function malformedText(handle: string): string | null {
  if (handleProblem(handle) !== 'malformed') return null
  if (/[^a-z0-9-]/.test(handle)) return `Use ${HANDLE_RULE}.`
  if (/^[^a-z]/.test(handle)) return 'Start with a letter.'
  if (handle.length < 3 || handle.length > 32) return `Use ${HANDLE_RULE}.`
  if (handle.endsWith('-')) return 'End with a letter or a number.'
  return 'Use no more than one hyphen in a row.'
}

/** What is known of a handle without asking anybody. */
export function localState(text: string): HandleState {
  const handle = normalizeHandle(text)
  if (handle === '') return { status: 'empty' }
  const problem = handleProblem(handle)
  if (problem === null) return { status: 'checking', handle }
  return { status: problem, handle, message: malformedText(handle) ?? HANDLE_RESERVED }
}

/** `update` is for every keystroke; an answer to an earlier text is never reported. `stop` ends it. */
export function createAvailability({ check, onChange, delayMs }: AvailabilityOptions) {
  let pending: { timer: ReturnType<typeof setTimeout>; abort: AbortController } | undefined

  function stop() {
    if (pending) clearTimeout(pending.timer)
    pending?.abort.abort()
    pending = undefined
  }

  async function ask(handle: string, abort: AbortController, tries = 0) {
    const state = await check(handle, abort.signal).catch((): HandleState => ({ status: 'unknown', handle }))
    if (abort.signal.aborted) return
    onChange(state)
    if (state.status !== 'unknown') return
    const timer = setTimeout(() => void ask(handle, abort, tries + 1), retryPause(tries))
    pending = { abort, timer }
  }

  function update(text: string) {
    stop()
    const state = localState(text)
    onChange(state)
    if (state.status !== 'checking') return
    const abort = new AbortController()
    pending = { abort, timer: setTimeout(() => void ask(state.handle, abort), delayMs) }
  }

  return { update, stop }
}
