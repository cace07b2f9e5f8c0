/**
 * Plans: what a computer may take of the server, and when it goes to sleep. A plan says what is different from the
 * server's own settings; what it leaves out follows them. Sizes are bytes.
 */
import { z } from 'zod'
import { idSchema } from './ids.ts'
import { SLEEP_TIERS } from './lifecycle.ts'

/** Names a plan for good; people read its title. */
export const planKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'Use lowercase letters, digits and hyphens, 32 characters at most.')
export type Plan = z.infer<typeof planKeySchema>

/** Of an instance that was just made. It is always there. */
export const FIRST_PLAN: Plan = 'standard'

export const planTitleSchema = z.string().trim().min(1, 'Give it a name.').max(60)

/**
 * What runs a container: `runc` shares the server's kernel with it, gVisor's `runsc` gives it a kernel of its own in user
 * space, a stronger wall that makes system calls slower.
 */
export const OCI_RUNTIMES = ['runc', 'runsc'] as const
export const ociRuntimeSchema = z.enum(OCI_RUNTIMES)
export type OciRuntime = z.infer<typeof ociRuntimeSchema>

const MIB = 1_048_576
const TIB = MIB * MIB
const size = (least: number) => z.number().int().min(least).max(TIB)

/** Whole numbers of the engine: shares of 1024, microseconds of CPU time per 100,000. */
const LIMITS = {
  memoryBytes: size(32 * MIB),
  memoryReservationBytes: size(16 * MIB),
  cpuShares: z.number().int().min(2).max(262_144),
  cpuQuotaUs: z.number().int().min(10_000).max(12_800_000),
  pids: z.number().int().min(16).max(32_768),
  /** What a home may hold: by the home store a wall, or measured and told. */
  diskBytes: size(16 * MIB),
  /** Files and folders of a home. */
  inodes: z.number().int().min(1_000).max(100_000_000),
  /** What is kept of what it prints. */
  logBytes: z
    .number()
    .int()
    .min(65_536)
    .max(1024 * MIB),
  /** To it and from it, each; `null`: as much as there is. */
  bandwidthBytesPerS: z.number().int().min(65_536).max(TIB).nullable(),
}

/** Seconds without use; `null`: the plan does without that tier. A minute at least: nobody is caught while they read. */
const idleSeconds = z.number().int().min(60).max(31_536_000).nullable()
const IDLE_S = z.partialRecord(z.enum(SLEEP_TIERS), idleSeconds)

/** What a plan gives, complete. */
export const planLimitsSchema = z.object({ ...LIMITS, ociRuntime: ociRuntimeSchema, idleS: IDLE_S })
export type PlanLimits = z.infer<typeof planLimitsSchema>

/** What a plan says of its own. */
export const planTermsSchema = planLimitsSchema.partial()
export type PlanTerms = z.infer<typeof planTermsSchema>

/** `admin.plans.save`: a plan that is there is changed, another is made. */
export const savePlanInputSchema = z.object({
  key: planKeySchema,
  title: planTitleSchema,
  terms: planTermsSchema,
  /** Refuses to change a plan where a new one was meant. */
  isNew: z.boolean(),
})
export type SavePlanInput = z.infer<typeof savePlanInputSchema>

export const planViewSchema = z.object({
  key: planKeySchema,
  title: z.string(),
  terms: planTermsSchema,
  /** With the server's settings where it says nothing. */
  limits: planLimitsSchema,
  /** Computers on it. */
  people: z.number().int(),
  updatedAt: z.iso.datetime().nullable(),
  /** A handle; `null`: nobody changed it, or they are gone. */
  updatedBy: z.string().nullable(),
})
export type PlanView = z.infer<typeof planViewSchema>

/** Which limits are walls on this server. What is none is measured and told. */
export const enforcedLimitsSchema = z.object({
  disk: z.boolean(),
  inodes: z.boolean(),
  bandwidth: z.boolean(),
})
export type EnforcedLimits = z.infer<typeof enforcedLimitsSchema>

/** `admin.plans.list` */
export const plansViewSchema = z.object({
  plans: z.array(planViewSchema),
  defaults: planLimitsSchema,
  enforced: enforcedLimitsSchema,
  /** What its container engine can run them with; empty where there is none, or it is away. */
  ociRuntimes: z.array(ociRuntimeSchema),
})
export type PlansView = z.infer<typeof plansViewSchema>

/** `admin.plans.assign` */
export const assignPlanInputSchema = z.object({ userId: idSchema('usr'), plan: planKeySchema })

/** What an owner is told of their plan. */
export const ownPlanSchema = z.object({
  key: planKeySchema,
  title: z.string(),
  ...planLimitsSchema.omit({ idleS: true }).shape,
})
export type OwnPlan = z.infer<typeof ownPlanSchema>
