/** What the computer and the process of its Matrix client tell each other, over the channel between parent and child. */
import { MATRIX_ACCOUNT_KINDS } from '@matrixos/shared'
import * as z from 'zod/mini'

const as = z.enum(MATRIX_ACCOUNT_KINDS)

/** An account, and where its keys are. */
const openAccount = z.object({
  as,
  homeserverUrl: z.string(),
  userId: z.string(),
  deviceId: z.string(),
  accessToken: z.string(),
  /** Folder of the stores, which is there. */
  folder: z.string(),
  /** 32 bytes, base64: what is in the stores is encrypted with it. */
  storageKey: z.string(),
  /** By room, the last event that is kept: what is newer is told, however much it is. */
  known: z.record(z.string(), z.string()),
})
export type OpenAccount = z.infer<typeof openAccount>

export const act = z.discriminatedUnion('act', [
  /** Makes an encrypted room with somebody. */
  z.object({ act: z.literal('create'), userId: z.string() }),
  z.object({ act: z.literal('join'), roomId: z.string() }),
  z.object({ act: z.literal('leave'), roomId: z.string() }),
  /** Sent again with the same `transaction`, it is there once. */
  z.object({
    act: z.literal('send'),
    roomId: z.string(),
    userId: z.string(),
    transaction: z.string(),
    content: z.record(z.string(), z.unknown()),
  }),
])
export type Act = z.infer<typeof act>

export const toHost = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), account: openAccount }),
  z.object({ type: z.literal('act'), number: z.number(), as, act }),
  z.object({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHost>

const membership = z.enum(['invite', 'join', 'leave'])

export const roomSeen = z.object({
  roomId: z.string(),
  /** Of the account itself. */
  mine: membership,
  isEncrypted: z.boolean(),
  others: z.array(z.object({ userId: z.string(), membership })),
})
export type RoomSeen = z.infer<typeof roomSeen>

export const eventSeen = z.object({
  id: z.string(),
  roomId: z.string(),
  sender: z.string(),
  /** Milliseconds since 1970, as the homeserver says. */
  at: z.number(),
  /** Of this device's own. */
  transaction: z.nullable(z.string()),
  /** `null`: it cannot be read, or not yet. */
  content: z.nullable(z.record(z.string(), z.unknown())),
})
export type EventSeen = z.infer<typeof eventSeen>

/** `isAgain`: worth trying again by itself. */
const problem = z.object({ words: z.string(), isAgain: z.boolean() })

export const fromHost = z.discriminatedUnion('type', [
  z.object({ type: z.literal('room'), as, room: roomSeen }),
  z.object({ type: z.literal('event'), as, event: eventSeen }),
  /** All that there was has been told. */
  z.object({ type: z.literal('synced'), as }),
  /** The homeserver cannot be reached, or does not know the token any more. */
  z.object({ type: z.literal('trouble'), as, why: z.enum(['unreachable', 'unauthorized', 'failed']) }),
  z.object({ type: z.literal('done'), number: z.number(), id: z.nullable(z.string()) }),
  z.object({ type: z.literal('failed'), number: z.number(), problem }),
  z.object({ type: z.literal('log'), message: z.string(), details: z.record(z.string(), z.unknown()) }),
])
export type FromHost = z.infer<typeof fromHost>
