/**
 * Knows when the computer was killed and started again while this page was at it: what ran there has ended then, which
 * nobody would guess from a connection that was lost and is back.
 */
import type { ShellEvent } from '../../../src/protocol.ts'
import { createStore } from '../store.ts'

export interface Restarts {
  receive(event: ShellEvent): void
}

export function createRestarts(onRestart: () => void): Restarts {
  let run: string | null = null
  return {
    receive(event) {
      if (event.type !== 'hello') return
      if (run !== null && event.run !== run && event.isAfterCrash) onRestart()
      run = event.run
    },
  }
}

/** What is said of it, until its person has read it. */
export const restart = createStore<string | null>(null)

const ANEW = 'It is running again; programs that ran have ended.'

/** `reason`: what the platform says of it, where that is known. */
export const restartWords = (reason: string | null): string =>
  `${reason === null ? 'This computer stopped by itself.' : reason.replace(/^It /, 'This computer ')} ${ANEW}`
