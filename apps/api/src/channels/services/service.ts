/** What the platform has to know of a service: how its deliveries are proved, read and acknowledged. */
import type { ChannelMessage } from '@matrixos/shared'
import { z } from 'zod'

/** A request as it came. */
export interface Delivery {
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** A message that is to be handed over; the platform adds its id and the channel. */
export type Told = Omit<ChannelMessage, 'id' | 'channel'> & {
  /** The service's own name for it, the same in every delivery. */
  eventId: string
}

export type Reading =
  | { kind: 'message'; told: Told }
  /** The service wants to see that somebody is there, or is told what to show. */
  | { kind: 'answer'; body: object }
  /** Nothing for anybody. */
  | { kind: 'nothing' }

export interface Service {
  /** By the body as it came. `now`: milliseconds since 1970. */
  isGenuine: (delivery: Delivery, proof: string, now: number) => Promise<boolean>
  /** Of a genuine one. `null`: it is not what the service sends. */
  read: (body: unknown) => Reading | null
  /** Answered once the message is stored. */
  taken: object
  /** For whatever is not genuine, and for channels that nobody has. */
  refusal: 401 | 404
  /** Proves nothing: what unknown channels are checked with, so that both take the same time. */
  nobodysProof: string
}

/** Seconds after which a recording of an earlier delivery is worth nothing. */
const REPLAY_S = 300

/** `time`: seconds since 1970, as the service signed it; `now`: milliseconds. */
export const isRecent = (time: string | null, now: number): boolean =>
  /^\d{1,12}$/.test(time ?? '') && Math.abs(now / 1000 - Number(time)) <= REPLAY_S

/** Seconds since 1970 that can be a time: to the end of the year 9999. */
export const unixTime = z.int().min(0).max(253_402_300_799)

/** Of ids in conversations' names. */
export const plain = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]+/g, '-')
