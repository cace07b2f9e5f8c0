/**
 * A WebSocket that comes back by itself, and that lets a computer sleep: what reconnects without a person first looks
 * whether the computer is awake, and leaves it alone when it is not.
 */
import type { Glimpse } from './glimpse.ts'

export type LinkState = 'connecting' | 'open' | 'retrying' | 'resting' | 'asleep' | 'signed-out'

export interface Link {
  readonly state: LinkState
  /** Whether it went out; only what the other side answers has arrived. */
  send(message: object): boolean
  /** Closes, and stays closed until `wake` or `resume`. What is asleep stays so. */
  rest(): void
  /** Somebody acts: connects at once, which wakes a sleeping computer, or makes sure that an open connection lives. */
  wake(): void
  /** The page is seen again, or the network is back: connects if the computer is awake, and never wakes it. */
  resume(): void
  /** Drops a connection that seems dead, and tries again. */
  restart(): void
}

export interface LinkOptions {
  url: () => string
  /** The closing reason that means: asleep on purpose. */
  asleepReason: string
  /** Whether there is something to deliver, for which the computer may be woken. */
  isNeeded: () => boolean
  onMessage: (message: unknown) => void
  /** What came in a binary frame. */
  onBytes?: (bytes: Uint8Array) => void
  onState: (state: LinkState) => void
  /** Looks at the computer without waking it. */
  glimpse: () => Promise<Glimpse>
}

const BACKOFF_MS = [300, 1_000, 2_000, 4_000, 8_000, 15_000]
const ANSWER_WITHIN_MS = 6_000
/** A connection that spoke this recently is not asked whether it lives. */
const FRESH_MS = 20_000
/** A person's every keystroke wakes; attempts keep this distance all the same. */
const ATTEMPT_DISTANCE_MS = 1_000

export function createLink(options: LinkOptions): Link {
  let state: LinkState = 'resting'
  let socket: WebSocket | null = null
  /** Counts attempts: a glimpse that is answered after a newer one began no longer counts. */
  let attempt = 0
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let answer: ReturnType<typeof setTimeout> | undefined
  let heardAt = 0
  let triedAt = 0

  const enter = (next: LinkState) => {
    state = next
    options.onState(next)
  }

  const drop = () => {
    attempt++
    clearTimeout(retry)
    clearTimeout(answer)
    answer = undefined
    const old = socket
    socket = null
    old?.close()
  }

  const connect = () => {
    drop()
    triedAt = Date.now()
    enter('connecting')
    const mine = new WebSocket(options.url())
    socket = mine
    mine.binaryType = 'arraybuffer'
    mine.onopen = () => {
      if (socket !== mine) return
      heardAt = Date.now()
      enter('open')
    }
    mine.onmessage = ({ data }) => {
      if (socket !== mine) return
      failures = 0
      heardAt = Date.now()
      clearTimeout(answer)
      answer = undefined
      if (data instanceof ArrayBuffer) options.onBytes?.(new Uint8Array(data))
      else options.onMessage(JSON.parse(String(data)))
    }
    mine.onclose = ({ code, reason }) => {
      if (socket !== mine) return
      drop()
      if (code === 1001 && reason === options.asleepReason && !options.isNeeded()) enter('asleep')
      else retryLater()
    }
  }

  const approach = async () => {
    drop()
    triedAt = Date.now()
    const mine = attempt
    const seen = await options.glimpse()
    if (mine !== attempt) return
    if (seen === 'awake' || (seen === 'asleep' && options.isNeeded())) connect()
    else if (seen !== 'unreachable') enter(seen)
    // A sleeping computer is no lost connection.
    else if (state !== 'asleep') retryLater()
  }

  const retryLater = () => {
    const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0
    failures++
    enter('retrying')
    // Spread, so that everybody's pages do not come back in the same moment after an outage.
    retry = setTimeout(approach, wait * (0.75 + Math.random() / 2))
  }

  const makeSureItLives = () => {
    if (answer !== undefined || Date.now() - heardAt < FRESH_MS) return
    socket?.send('{"type":"ping"}')
    answer = setTimeout(connect, ANSWER_WITHIN_MS)
  }
  const isBusy = () =>
    state === 'connecting' ||
    state === 'signed-out' ||
    (state === 'retrying' && Date.now() - triedAt < ATTEMPT_DISTANCE_MS)

  return {
    get state() {
      return state
    },
    send(message) {
      if (state !== 'open' || !socket) return false
      socket.send(JSON.stringify(message))
      return true
    },
    rest() {
      drop()
      if (state !== 'asleep') enter('resting')
    },
    wake() {
      if (state === 'open') makeSureItLives()
      else if (!isBusy()) connect()
    },
    resume() {
      if (state === 'open') makeSureItLives()
      else if (!isBusy()) void approach()
    },
    restart: connect,
  }
}
