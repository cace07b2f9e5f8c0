/** What the api exposes of its records: the shapes that the SPA and other clients read. Times are ISO 8601, UTC. */
import { z } from 'zod'
import { errorBodySchema } from './errors.ts'
import { idSchema } from './ids.ts'
import { desiredSchema, observedSchema, stepSchema } from './lifecycle.ts'
import { ownPlanSchema } from './plans.ts'
import { roleSchema, sessionMethodSchema } from './scopes.ts'

export const instanceViewSchema = z.object({
  id: idSchema('ins'),
  handle: z.string(),
  url: z.url(),
  desired: desiredSchema,
  observed: observedSchema,
  /** The step under way, while an instance is made or wakes; after a failure the one that failed. */
  step: stepSchema.nullable(),
  /** Whether it has never run so far: it is being set up, not woken. */
  isFirstStart: z.boolean(),
  /** The last failure, until the next success. */
  error: errorBodySchema.nullable(),
  /** When the next automatic attempt starts, after a failure. */
  nextAttemptAt: z.iso.datetime().nullable(),
  /** Its place among those that wait for memory, and about how long, in words; `null`: it does not wait. */
  line: z.string().nullable(),
  lastUsedAt: z.iso.datetime(),
  /** When it is packed away if nobody uses it, once that is soon. */
  archiveDueAt: z.iso.datetime().nullable(),
  /** When it is deleted for good, while its owner can still take that back. */
  deletionDueAt: z.iso.datetime().nullable(),
  /** How long its owner could take a deletion back; 0: not at all. */
  deletionGraceDays: z.number(),
  createdAt: z.iso.datetime(),
  /** `none`: a plain child process, for development only. */
  isolation: z.enum(['container', 'none']),
  /** Idle seconds until it goes to sleep; `null`: it never does by itself. */
  idleLimitS: z.number().nullable(),
  plan: ownPlanSchema,
})
export type InstanceView = z.infer<typeof instanceViewSchema>

export const userViewSchema = z.object({
  handle: z.string(),
  displayName: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  signInMethods: z.array(z.enum(['passkey', 'totp'])),
})
export type UserView = z.infer<typeof userViewSchema>

/** What a browser says it is; `null`: it does not say. */
export const deviceViewSchema = z.object({
  kind: z.enum(['desktop', 'phone', 'tablet', 'other']),
  browser: z.string().nullable(),
  os: z.string().nullable(),
})
export type DeviceView = z.infer<typeof deviceViewSchema>

export const sessionViewSchema = z.object({
  id: idSchema('ses'),
  /** The one that asks. */
  current: z.boolean(),
  device: deviceViewSchema,
  /** The network address of its last use. */
  address: z.string(),
  method: sessionMethodSchema,
  createdAt: z.iso.datetime(),
  /** To the minute. */
  lastUsedAt: z.iso.datetime(),
})
export type SessionView = z.infer<typeof sessionViewSchema>

/** Answer to a live look at a handle while it is typed. `ok` means free at this moment. */
export const handleAvailabilitySchema = z.object({
  handle: z.string(),
  status: z.enum(['ok', 'malformed', 'reserved', 'taken']),
  message: z.string(),
})
export type HandleAvailability = z.infer<typeof handleAvailabilitySchema>
