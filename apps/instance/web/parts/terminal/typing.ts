/**
 * What was typed into one terminal and has not been taken yet. Nothing is lost silently: what was on its way when the
 * link broke is sent again (the other side knows it by its number), what no program can take any more is reported, and
 * what there is no room for is refused.
 */
import { INPUT_LIMIT } from '../../../src/terminal/protocol.ts'

export interface Typed {
  generation: number
  number: number
  data: string
  isBinary: boolean
}

export interface TypingOptions {
  /** `false`: there is no connection. */
  send: (typed: Typed) => boolean
  /** This much reached no program. */
  onLost: (characters: number) => void
}

/** Characters that wait while there is a connection: a paste that is larger is better a file. */
export const MOST_WAITING = 1_000_000
/** Without one, a few lines; nobody should type on for long without seeing what comes of it. */
export const MOST_WAITING_OFFLINE = 4_000
/** Messages on their way at once. */
const MOST_SENT = 8

export interface Typing {
  /** Characters that have not been taken. */
  readonly waiting: number
  /** `false`: there was no room, and nothing of it is kept. */
  type(data: string, isBinary?: boolean): boolean
  /** The terminal is there (again): the shell of this generation runs, and took all up to this number. */
  attached(state: { generation: number; typed: number }): void
  /** Another shell runs in it now: what is typed from here on is for that one. */
  restarted(generation: number): void
  taken(number: number): void
  untaken(number: number): void
  disconnected(): void
  /** The terminal is gone for good. */
  ended(): void
}

export function createTyping({ send, onLost }: TypingOptions): Typing {
  let generation = 0
  let isConnected = false
  let nextNumber = 1
  let sent = 0
  let queue: Typed[] = []
  const waiting = () => queue.reduce((sum, { data }) => sum + data.length, 0)

  const sendOn = () => {
    while (isConnected && sent < Math.min(queue.length, MOST_SENT)) {
      const next = queue[sent]
      if (!next || !send(next)) return
      sent++
    }
  }
  const drop = (isDropped: (typed: Typed) => boolean): number => {
    const dropped = queue.filter(isDropped)
    sent -= queue.slice(0, sent).filter(isDropped).length
    queue = queue.filter((typed) => !isDropped(typed))
    return dropped.reduce((sum, { data }) => sum + data.length, 0)
  }

  return {
    get waiting() {
      return waiting()
    },
    type(data, isBinary = false) {
      const room = (isConnected ? MOST_WAITING : MOST_WAITING_OFFLINE) - waiting()
      if (data.length > room) return false
      for (let at = 0; at < data.length; at += INPUT_LIMIT) {
        const piece = data.slice(at, at + INPUT_LIMIT)
        queue.push({ generation, number: nextNumber++, data: piece, isBinary })
      }
      sendOn()
      return true
    },
    attached(state) {
      generation = state.generation
      isConnected = true
      sent = 0
      drop(({ number }) => number <= state.typed)
      const lost = drop((typed) => typed.generation !== generation)
      if (lost > 0) onLost(lost)
      sendOn()
    },
    restarted(next) {
      if (isConnected) generation = next
    },
    taken(number) {
      drop((typed) => typed.number <= number)
      sendOn()
    },
    untaken(number) {
      const lost = drop((typed) => typed.number === number)
      if (lost > 0) onLost(lost)
      sendOn()
    },
    disconnected() {
      isConnected = false
    },
    ended() {
      const lost = drop(() => true)
      if (lost > 0) onLost(lost)
    },
  }
}
