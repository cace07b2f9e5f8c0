/** What pages of an app tell a room, checked on arrival, and what it tells them. */
import * as z from 'zod/mini'
import { isShallow } from '../shallow.ts'

export const ROOM_NAME = /^[a-zA-Z0-9_-]{1,64}$/

export const ROOM_LIMITS = {
  membersPerRoom: 64,
  roomsPerApp: 32,
  connections: 256,
  messageBytes: 16 * 1024,
  /** More than that is not even read. */
  frameBytes: 64 * 1024,
  presenceBytes: 2 * 1024,
  stateKeys: 256,
  stateBytes: 128 * 1024,
  perSecond: 60,
  atOnce: 120,
  /** Of one page, said faster than that. */
  waiting: 1_000,
  /** Of what a slow page has not taken yet; beyond it, it is let go of. */
  behindBytes: 256 * 1024,
}

const anything = z.unknown().check(z.refine((value) => isShallow(value)))
const key = z.string().check(z.minLength(1), z.maxLength(128))

export const fromMember = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping') }),
  /** To everybody else, or to one. */
  z.object({ type: z.literal('send'), data: anything, to: z.optional(z.string()) }),
  /** What the others see of this one: a name, a place. */
  z.object({ type: z.literal('presence'), data: anything }),
  /** `null` removes. `if`: only while this version is there; 0: nothing. */
  z.object({ type: z.literal('set'), key, value: anything, if: z.optional(z.number()) }),
])

export interface Shown {
  id: string
  role: 'owner' | 'viewer' | 'visitor'
  /** `null`: nobody's to know. */
  handle: string | null
  presence: unknown
}

export interface Entry {
  value: unknown
  version: number
}

export type ToMember =
  | { type: 'pong' }
  | { type: 'welcome'; you: string; members: Shown[]; state: Record<string, Entry> }
  | { type: 'joined'; member: Shown }
  | { type: 'left'; id: string }
  | { type: 'presence'; id: string; data: unknown }
  | { type: 'message'; from: string; data: unknown }
  | ({ type: 'set'; key: string; by: string } & Entry)
  /** The answer to a `set` that came too late, or does not fit: what is there. */
  | ({ type: 'unset'; key: string; reason: string } & Entry)
