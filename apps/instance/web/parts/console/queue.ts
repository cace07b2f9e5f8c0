/** Lines that wait for their turn: one runs at a time, and none is lost while there is no connection. */
import type { ConsoleRequest } from '../../../src/protocol.ts'

export interface LineQueueOptions {
  /** `false`: there is no connection. */
  send: (request: ConsoleRequest) => boolean
  /** A line waits, but there is no connection. */
  onNeed: () => void
}

export function createLineQueue({ send, onNeed }: LineQueueOptions) {
  let isRunning = false
  let waiting: string[] = []

  function sendNext(): void {
    const [line, ...rest] = waiting
    if (isRunning || line === undefined) return
    if (send({ type: 'run', line })) {
      isRunning = true
      waiting = rest
    } else onNeed()
  }

  return {
    waiting: (): readonly string[] => waiting,
    isRunning: () => isRunning,
    sendNext,
    add(line: string): void {
      waiting.push(line)
      sendNext()
    },
    /** What runs already goes on. */
    clear(): void {
      waiting = []
    },
    /** The line that ran has its answer, or will never get one. */
    ended(): void {
      isRunning = false
    },
  }
}
