/** What administrators send and see. Times are ISO 8601, UTC; sizes are bytes. Lists come in pages, newest first. */
import { z } from 'zod'
import { errorCodeSchema } from './errors.ts'
import { homeserverStateSchema } from './homeserver-state.ts'
import { idSchema } from './ids.ts'
import { desiredSchema, observedSchema } from './lifecycle.ts'
import { ociRuntimeSchema } from './plans.ts'
import { roleSchema, sessionMethodSchema } from './scopes.ts'
import { instanceEventKindSchema } from './timeline.ts'
import { instanceViewSchema } from './views.ts'

const time = z.iso.datetime()
const count = z.number().int()

/** `cursor`: the `nextCursor` of the page before. */
export const pageInputSchema = z.object({
  cursor: z.string().max(200).nullish(),
  limit: z.number().int().min(1).max(200).default(50),
})

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

const wallSchema = z.enum(['closed', 'open', 'unknown'])

/** What containers made for it could reach on the instances' network. */
export const selfTestSchema = z.object({
  at: time,
  /** `null`: the test could not be made, and `why` says so. */
  report: z
    .object({
      neighbour: wallSchema,
      /** The machine that runs the instances. */
      host: wallSchema,
      metadata: wallSchema,
      /** Whether the AI proxy answered. */
      services: z.enum(['answer', 'silent']),
    })
    .nullable(),
  why: z.string().nullable(),
})
export type SelfTestView = z.infer<typeof selfTestSchema>

/** What keeps computers from each other and from the machine that runs them. */
export const wallsSchema = z.object({
  runtime: z.enum(['docker', 'process']),
  /** That plans follow unless they say otherwise; `null`: instances are no containers. */
  ociRuntime: ociRuntimeSchema.nullable(),
  firewall: z.object({ by: z.enum(['api', 'host', 'nobody']), why: z.string().nullable() }),
  /** How homes are kept: folders, or images of a fixed size. */
  homes: z.enum(['local', 'loop']),
  /** Of the api process that answered; `null`: none has been made. */
  selfTest: selfTestSchema.nullable(),
  /** Why no instance runs now, for the operator: what is open, whoever found it. `null`: nothing is. */
  broken: z.string().nullable(),
})
export type WallsView = z.infer<typeof wallsSchema>

/** `admin.overview` */
export const adminOverviewSchema = z.object({
  people: z.object({
    total: count,
    admins: count,
    suspended: count,
    signedUp24h: count,
    signedUp7d: count,
  }),
  instances: z.object({ total: count, byObserved: z.partialRecord(observedSchema, count) }),
  /** From the request to the healthy instance; `null`: none woke. */
  wakes24h: z.object({ count, p50Ms: z.number().nullable(), p95Ms: z.number().nullable() }),
  failures24h: z.object({
    /** Also those that ended by themselves. */
    count,
    byCode: z.array(z.object({ code: z.string(), count })),
  }),
  /** Of the machine that runs instances; `null` where the figure cannot be had. */
  host: z.object({
    memoryAvailableBytes: z.number().nullable(),
    memoryTotalBytes: z.number().nullable(),
    diskFreeBytes: z.number().nullable(),
    diskTotalBytes: z.number().nullable(),
  }),
  walls: wallsSchema,
  homeserver: homeserverStateSchema,
  version: z.string(),
  /** Of the api process that answered. */
  upSince: time,
  /** Api processes that live. */
  replicas: count,
})
export type AdminOverview = z.infer<typeof adminOverviewSchema>

/** `admin.people.list` */
export const personStateSchema = z.enum(['active', 'suspended', 'admins', 'online', 'failed', 'throttled'])
export type PersonState = z.infer<typeof personStateSchema>

export const peopleFilterSchema = z.object({
  /** Part of a handle or name; what begins with it comes with what only contains it. */
  search: z.string().trim().max(64).optional(),
  /** `online`: their instance runs. `failed`: it does not start. */
  state: personStateSchema.optional(),
})
export type PeopleFilter = z.infer<typeof peopleFilterSchema>

export const personRowSchema = z.object({
  id: idSchema('usr'),
  handle: z.string(),
  displayName: z.string(),
  role: roleSchema,
  createdAt: time,
  lastSeenAt: time.nullable(),
  suspendedAt: time.nullable(),
  instance: z.object({ id: idSchema('ins'), desired: desiredSchema, observed: observedSchema }).nullable(),
  /** Their computer used the CPU without a pause, and is held to its share. */
  isThrottled: z.boolean(),
})
export type PersonRow = z.infer<typeof personRowSchema>

export const peoplePageSchema = pageOf(personRowSchema).extend({
  /** Of the filter, over all pages. */
  total: count,
})
export type PeoplePageView = z.infer<typeof peoplePageSchema>

/** Of what the database can compare: offsets carry the first and the last years out of its range. */
const searchedTime = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0 && Date.parse(text) < Date.UTC(10_000, 0), {
    error: 'Use a year from 1970 to 9999.',
  })

/** `admin.audit.search` */
export const auditSearchSchema = pageInputSchema.extend({
  /** A handle, an id, `anonymous` or `server`. */
  actor: z.string().trim().max(64).optional(),
  action: z.string().trim().max(64).optional(),
  /** A handle, an id, or whatever else was acted on. */
  target: z.string().trim().max(64).optional(),
  from: searchedTime.optional(),
  /** Exclusive. */
  to: searchedTime.optional(),
})
export type AuditSearch = z.input<typeof auditSearchSchema>

export const auditEntryViewSchema = z.object({
  id: count,
  at: time,
  /** `handle`: of the person, while their account exists. */
  actor: z.object({ id: z.string(), handle: z.string().nullable() }),
  action: z.string(),
  target: z.object({ id: z.string(), handle: z.string().nullable() }),
  address: z.string(),
  /** Long texts are cut. */
  detail: z.record(z.string(), z.string()),
})
export type AuditEntryView = z.infer<typeof auditEntryViewSchema>
export const auditPageSchema = pageOf(auditEntryViewSchema).extend({
  /** Every action that there is, for the page's list. */
  actions: z.array(z.string()),
})
export type AuditPageView = z.infer<typeof auditPageSchema>

/** `admin.people.get`. The instance's output has a call of its own: it waits for the engine. */
export const instanceEventViewSchema = z.object({
  id: count,
  at: time,
  kind: instanceEventKindSchema,
  durationMs: count.nullable(),
  /** Of a failure, its code. */
  detail: z.string().nullable(),
})
export type InstanceEventView = z.infer<typeof instanceEventViewSchema>

/** `events.list` */
export const timelinePageSchema = z.object({
  events: z.array(instanceEventViewSchema),
  nextCursor: z.number().int().nullable(),
})
export type TimelinePage = z.infer<typeof timelinePageSchema>

export const personViewSchema = personRowSchema.omit({ instance: true }).extend({
  /** As the person reads it. */
  suspendedReason: z.string().nullable(),
  methods: z.object({ passkeys: count, totp: z.boolean(), recoveryCodes: count, tokens: count }),
  sessions: z.array(
    z.object({
      id: idSchema('ses'),
      userAgent: z.string(),
      address: z.string(),
      method: sessionMethodSchema,
      createdAt: time,
      lastUsedAt: time,
    }),
  ),
  instance: instanceViewSchema.nullable(),
  timeline: z.array(instanceEventViewSchema),
  audit: z.array(auditEntryViewSchema),
  /** Whether the caller may not act on them, and why: oneself, or the only administrator. */
  protected: z.string().nullable(),
})
export type PersonView = z.infer<typeof personViewSchema>

/** `admin.people.log`: the last lines that the instance printed. `text` is empty where it printed nothing. */
export const instanceLogSchema = z.object({ text: z.string(), problem: errorCodeSchema.nullable() })

/** `admin.invites.*` */
export const inviteStateSchema = z.enum(['usable', 'used_up', 'expired'])
export const inviteViewSchema = z.object({
  code: z.string(),
  /** The sign-up page with the code filled in. */
  url: z.url(),
  note: z.string(),
  maxUses: count,
  uses: count,
  state: inviteStateSchema,
  /** Their handle; `server`; `null` once they are gone. */
  createdBy: z.string().nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
})
export type InviteView = z.infer<typeof inviteViewSchema>
export const invitePageSchema = pageOf(inviteViewSchema)

export const createInviteInputSchema = z.object({
  note: z.string().trim().max(200).default(''),
  maxUses: z.number().int().min(1).max(10_000).default(1),
  /** Days until it expires; `null`: never. */
  days: z.number().int().min(1).max(365).nullable().default(7),
})

/** As people type it: blanks around it, and the case, do not count. */
export const inviteCodeSchema = z.string().trim().toLowerCase().max(64)
