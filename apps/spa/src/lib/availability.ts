/** Watches a handle while it is typed: checks its form at once, and asks the api after a pause in typing. */
import { HANDLE_RULE, type HandleAvailability, handleProblem, normalizeHandle } from '@matrixos/shared'

export type HandleState =
  | { status: 'empty' }
  | { status: 'checking'; handle: string }
  /** The api could not be asked; sign-up itself checks again. */
  | { status: 'unknown'; handle: string }
  | { status: HandleAvailability['status']; handle: string; message: string }

export interface AvailabilityOptions {
  check: (handle: string, signal: AbortSignal) => Promise<HandleAvailability>
  onChange: (state: HandleState) => void
  /** Milliseconds without a keystroke before the api is asked. */
  delayMs: number
}

const RESERVED = 'This name is reserved for the platform. Please choose another one.'

/** What is wrong with the form of a normalized handle, or `null`. */
export function malformedText(handle: string): string | null {
  if (handleProblem(handle) !== 'malformed') return null
  const isOnlyHyphens = handleProblem(handle.replace(/^(..)--/, '$1xx')) !== 'malformed'
  return isOnlyHyphens
    ? `Two hyphens in third and fourth place, as in “${handle.slice(0, 4)}”, are not allowed.`
    : `Use ${HANDLE_RULE}.`
}

/** What is known of a handle without asking anybody. */
export function localState(text: string): HandleState {
  const handle = normalizeHandle(text)
  if (handle === '') return { status: 'empty' }
  const problem = handleProblem(handle)
  if (problem === null) return { status: 'checking', handle }
  return { status: problem, handle, message: malformedText(handle) ?? RESERVED }
}

/** `update` is for every keystroke; an answer to an earlier text is never reported. `stop` ends it. */
export function createAvailability({ check, onChange, delayMs }: AvailabilityOptions) {
  let pending: { timer: ReturnType<typeof setTimeout>; abort: AbortController } | undefined

  function stop() {
    if (pending) clearTimeout(pending.timer)
    pending?.abort.abort()
    pending = undefined
  }

  async function ask(handle: string, signal: AbortSignal) {
    const state = await check(handle, signal).catch((): HandleState => ({ status: 'unknown', handle }))
    if (!signal.aborted) onChange(state)
  }

  function update(text: string) {
    stop()
    const state = localState(text)
    onChange(state)
    if (state.status !== 'checking') return
    const abort = new AbortController()
    pending = { abort, timer: setTimeout(() => void ask(state.handle, abort.signal), delayMs) }
  }

  return { update, stop }
}
