/** What a computer used in the last day, as its owner and administrators see it. Sizes are bytes. */
import { z } from 'zod'

/** How long what was measured is kept, and shown. */
export const USAGE_HOURS = 24
/** One point of a chart, in seconds. */
export const USAGE_STEP_S = 900

export const usagePointSchema = z.object({
  /** When its quarter of an hour begins. Those in which it slept are left out. */
  at: z.iso.datetime(),
  /** Cores in use, on average. */
  cpu: z.number(),
  /** At most. */
  memoryBytes: z.number(),
  /** At the end; `null`: not measured. */
  diskBytes: z.number().nullable(),
  receivedBytes: z.number(),
  sentBytes: z.number(),
})
export type UsagePoint = z.infer<typeof usagePointSchema>

/** How full a home is: from 80 % of what its plan gives, and where nothing more should go in. */
export const DISK_LEVELS = ['filling', 'full'] as const
export type DiskLevel = (typeof DISK_LEVELS)[number]

/** `tenants.usage`, `admin.people.usage` */
export const usageViewSchema = z.object({
  /** Oldest first. */
  points: z.array(usagePointSchema),
  limits: z.object({ cores: z.number(), memoryBytes: z.number(), diskBytes: z.number() }),
  /** When a program was last ended for want of memory, within that time. */
  outOfMemoryAt: z.iso.datetime().nullable(),
  /** `null`: there is room. */
  disk: z.enum(DISK_LEVELS).nullable(),
  /** Since when it is held to its share of the CPU; `null`: it is not. */
  throttledAt: z.iso.datetime().nullable(),
})
export type UsageView = z.infer<typeof usageViewSchema>
