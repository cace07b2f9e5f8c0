/** One page's view of a terminal: what was sent to it, and how much of that it has shown. */
import { ACKNOWLEDGE_EVERY_BYTES } from './protocol.ts'

export interface Outlet {
  bytes(bytes: Uint8Array): void
  attached(state: { columns: number; rows: number; generation: number }): void
  size(columns: number, rows: number): void
  /** There is no shell: it could not be started. */
  failed(error: unknown): void
  /** It did not keep up, and gets nothing more. */
  drop(): void
}

export interface View {
  readonly outlet: Outlet
  /** Bytes that the page has not acknowledged. */
  readonly unshown: number
  /** When it last acknowledged some, in milliseconds of the session's clock. */
  readonly shownAt: number
  /** Calls `start`, then passes on what came meanwhile. */
  begin(start: () => void): void
  /** Sends at once, or after `begin`. */
  deliver(bytes: Uint8Array): void
  resized(columns: number, rows: number): void
  acknowledge(bytes: number): void
}

export function createView(outlet: Outlet, now: () => number): View {
  let sent = 0
  let shown = 0
  let shownAt = now()
  let waiting: (() => void)[] | null = []
  const inOrder = (work: () => void) => {
    if (waiting) waiting.push(work)
    else work()
  }
  const send = (bytes: Uint8Array) => {
    sent += bytes.length
    // A page learns of a frame when all of it has come. Of a whole screen's, on a slow link, it could not say for long
    // that it shows something, and would be let go of.
    for (let at = 0; at < bytes.length; at += ACKNOWLEDGE_EVERY_BYTES) {
      outlet.bytes(bytes.subarray(at, at + ACKNOWLEDGE_EVERY_BYTES))
    }
  }
  return {
    outlet,
    get unshown() {
      return sent - shown
    },
    get shownAt() {
      return shownAt
    },
    begin(start) {
      const works = waiting ?? []
      waiting = null
      start()
      for (const work of works) work()
    },
    deliver: (bytes) => inOrder(() => send(bytes)),
    resized: (columns, rows) => inOrder(() => outlet.size(columns, rows)),
    acknowledge(bytes) {
      // Never more than was sent: a page cannot buy itself a longer queue.
      shown = Math.min(sent, shown + bytes)
      shownAt = now()
    },
  }
}
