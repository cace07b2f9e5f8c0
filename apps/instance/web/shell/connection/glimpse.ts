/**
 * Asks the platform how the computer is, at the one address that never wakes it. Behind the platform's edge the
 * answer is a stream of states, of which the first is the present one.
 */
import { type Observed, PLATFORM_PATH } from '@matrixos/shared'

export type Glimpse = 'awake' | 'asleep' | 'signed-out' | 'unreachable'

interface Progress {
  ready: boolean
  observed: Observed
  /** Why it did not go on, until it does. */
  error?: { code: string; message: string }
}

/** Why it stopped, as the platform said last. */
let lastTrouble: string | null = null

/** Tells it once. */
export function takeTrouble(): string | null {
  const trouble = lastTrouble
  lastTrouble = null
  return trouble
}

const PROGRESS_PATH = `${PLATFORM_PATH}progress`
const ANSWER_WITHIN_MS = 6_000

/** Never rejects: who gets no answer finds the computer unreachable. */
export async function glimpse(): Promise<Glimpse> {
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(), ANSWER_WITHIN_MS)
  try {
    const answer = await fetch(PROGRESS_PATH, { signal: enough.signal, cache: 'no-store' })
    if (answer.status === 401 || answer.status === 403) return 'signed-out'
    // Without a platform in front, what answers is the computer itself.
    if (answer.status === 404) return 'awake'
    const progress = answer.ok && answer.body ? await firstEvent(answer.body) : null
    if (progress === null) return 'unreachable'
    // What it waits for is no trouble of its own.
    const trouble = progress.error?.code === 'instance_unhealthy' ? progress.error.message : null
    lastTrouble = trouble ?? lastTrouble
    if (progress.ready || progress.observed === 'starting') return 'awake'
    // It was killed, and is about to be started again: that is no sleep, which somebody would have to end.
    return progress.observed === 'stopped' && trouble !== null ? 'unreachable' : 'asleep'
  } catch {
    return 'unreachable'
  } finally {
    clearTimeout(timer)
    enough.abort()
  }
}

async function firstEvent(stream: ReadableStream<Uint8Array>): Promise<Progress | null> {
  let text = ''
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return null
    text += decoder.decode(value, { stream: true })
    const [, data] = /^data: (.*)\n/m.exec(text) ?? []
    if (data) return JSON.parse(data)
  }
}

/** Calls `onReady` once, when somebody else has woken the computer. Returns the end of the watch. */
export function watchForWake(onReady: () => void): () => void {
  const source = new EventSource(PROGRESS_PATH)
  source.onmessage = ({ data }) => {
    const progress: Progress = JSON.parse(data)
    if (!progress.ready) return
    source.close()
    onReady()
  }
  return () => source.close()
}
