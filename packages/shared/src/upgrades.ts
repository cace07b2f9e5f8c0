/** Moving computers to another image, one after the other: what administrators send and see. */
import { z } from 'zod'

const time = z.iso.datetime()
const count = z.number().int()

/** `rollback`: takes back an upgrade. */
export const rolloutKindSchema = z.enum(['upgrade', 'rollback'])
export type RolloutKind = z.infer<typeof rolloutKindSchema>

/** `done`: every computer that is awake has it; those that sleep get it at their next wake. */
export const rolloutStateSchema = z.enum(['running', 'stopped', 'done'])
export type RolloutState = z.infer<typeof rolloutStateSchema>

/** The image is tried once before anybody's computer gets it. */
export const trialStateSchema = z.enum(['due', 'running', 'passed', 'failed'])
export type TrialState = z.infer<typeof trialStateSchema>

/**
 * How far one computer is. `trying`: between two images. `lazy`: gets it at its next wake. `rolled_back`: it, or
 * a copy of it, did not run with it. `skipped`: stays as it is, since the upgrade was stopped.
 */
export const rolloutStepSchema = z.enum(['waiting', 'trying', 'lazy', 'done', 'rolled_back', 'skipped'])
export type RolloutStep = z.infer<typeof rolloutStepSchema>

/** As engines take it: a name, with a registry, a tag or a digest where wanted. */
export const imageSchema = z
  .string()
  .trim()
  .max(255)
  .regex(/^[a-z0-9]+([._/:@-]+[A-Za-z0-9]+)*$/, 'Expected an image, such as registry.example/computer:2.')

/** `admin.upgrades.start` */
export const startUpgradeSchema = z.object({
  image: imageSchema,
  /** Computers at once. */
  atOnce: z.number().int().min(1).max(50).default(2),
  /** It stops once so many did not run with the image. */
  mostFailures: z.number().int().min(1).max(1_000).default(3),
  /** A computer that somebody uses is left alone for so long at most. */
  patienceS: z.number().int().min(0).max(604_800).default(3_600),
})
export type StartUpgrade = z.infer<typeof startUpgradeSchema>

export const rolloutViewSchema = z.object({
  id: count,
  kind: rolloutKindSchema,
  image: z.string(),
  state: rolloutStateSchema,
  /** Why it was stopped, unless an administrator did. */
  reason: z.string().nullable(),
  trial: trialStateSchema,
  counts: z.record(rolloutStepSchema, count),
  /** Those that did not run with it, the last ones first. */
  failed: z.array(z.object({ handle: z.string(), message: z.string().nullable() })),
  /** Their handle, or `null` once they are gone. */
  startedBy: z.string().nullable(),
  startedAt: time,
  endedAt: time.nullable(),
  canStop: z.boolean(),
  canRollBack: z.boolean(),
})
export type RolloutView = z.infer<typeof rolloutViewSchema>

/** `admin.upgrades.view` */
export const upgradesViewSchema = z.object({
  /** What computers are made of that are created now. */
  image: z.string(),
  /** How many computers have which image; the most frequent first. */
  images: z.array(z.object({ image: z.string(), count })),
  /** The last ones, the newest first. */
  rollouts: z.array(rolloutViewSchema),
})
export type UpgradesView = z.infer<typeof upgradesViewSchema>
