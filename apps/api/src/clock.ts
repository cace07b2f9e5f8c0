/** Time, ids and randomness as arguments, so that tests can fix them. */
import { randomBytes } from 'node:crypto'

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now: () => number
  /** Milliseconds from some point on; no change of the system's clock moves it. */
  monotonic: () => number
  random: (bytes: number) => Uint8Array<ArrayBuffer>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
}
