/** Time, ids and randomness as arguments, so that tests can fix them. */
import { randomBytes } from 'node:crypto'

export interface Clock {
  now: () => number
  random: (bytes: number) => Uint8Array<ArrayBuffer>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
}
