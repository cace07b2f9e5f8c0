/** One scene of the film: what is done in it, before how many cameras, and what is said meanwhile. */
import type { Hosts } from '@matrixos/shared'
import type { Person, Size } from './person.ts'

export const FRAME = { width: 1280, height: 720 } as const satisfies Size
/** Two people side by side. */
export const HALF = { width: 640, height: 720 } as const satisfies Size

export interface Stage {
  hosts: Hosts
  handle: string
  owner: Person
  /** Somebody without an account. */
  stranger: Person
}

export interface Scene {
  name: string
  caption: string
  /** At most. */
  seconds: number
  /** How much longer its last picture stays, to be read. */
  lingerS?: number
  /** Who is filmed, from left to right. */
  cast: (stage: Stage) => Person[]
  /** Before the cameras roll. */
  prepare?: (stage: Stage) => Promise<void>
  play: (stage: Stage) => Promise<void>
  /** The picture that stands for the whole film is this scene's last. */
  isPoster?: boolean
}
