/** A plan as it is typed: an empty field is what the server's settings say. Pure. */
import {
  type EnforcedLimits,
  type OciRuntime,
  type PlanLimits,
  type PlanTerms,
  type PlanView,
  planKeySchema,
  planTermsSchema,
  planTitleSchema,
  SLEEP_TIERS,
  type SleepTier,
} from '@matrixos/shared'
import { z } from 'zod'
import { countText } from '../../../lib/figures.ts'
import { durationTyped, secondsTyped } from './duration.ts'

const MIB = 1_048_576
const FULL_QUOTA_US = 100_000

type Limit = keyof Omit<PlanLimits, 'idleS' | 'ociRuntime'>

export interface LimitField {
  name: Limit
  label: string
  unit: string
  factor: number
  /** Not a wall on every server. */
  wall?: keyof EnforcedLimits
  /** What is typed for no limit. */
  none?: string
}

/** In the order of the form: each in a unit that people type. */
export const LIMIT_FIELDS: readonly LimitField[] = [
  { name: 'memoryBytes', label: 'Memory', unit: 'MiB', factor: MIB },
  { name: 'memoryReservationBytes', label: 'Memory reserved', unit: 'MiB', factor: MIB },
  { name: 'cpuQuotaUs', label: 'CPU at most', unit: 'cores', factor: FULL_QUOTA_US },
  { name: 'cpuShares', label: 'CPU weight', unit: '', factor: 1 },
  { name: 'diskBytes', label: 'Disk', unit: 'MiB', factor: MIB, wall: 'disk' },
  { name: 'inodes', label: 'Files and folders', unit: '', factor: 1, wall: 'inodes' },
  { name: 'pids', label: 'Processes', unit: '', factor: 1 },
  {
    name: 'bandwidthBytesPerS',
    label: 'Bandwidth',
    unit: 'MiB/s',
    factor: MIB,
    wall: 'bandwidth',
    none: 'off',
  },
  { name: 'logBytes', label: 'Log kept', unit: 'MiB', factor: MIB },
]

/** Under a field: what typing nothing but a number may mean, and what this server does with it. */
export function hintOf({ name, wall, none }: LimitField, enforced: EnforcedLimits): string | undefined {
  if (name === 'logBytes') return 'From its next start'
  if (name === 'cpuShares') return 'Counts when all are busy'
  if (wall && !enforced[wall]) return SOFT_HINTS[wall]
  return none && `Or: ${none}`
}

const SOFT_HINTS: Record<keyof EnforcedLimits, string> = {
  disk: 'Measured; people are told',
  inodes: 'Not enforced on this server',
  bandwidth: 'Not enforced on this server',
}

export const TIER_LABELS: Record<SleepTier, string> = {
  paused: 'Paused after',
  asleep: 'Asleep after',
  archived: 'Archived after',
}

export interface PlanDraft {
  key: string
  title: string
  limits: Record<Limit, string>
  /** Empty: what the server's settings say. */
  ociRuntime: OciRuntime | ''
  idle: Record<SleepTier, string>
}

const typed = (value: number | null | undefined, factor: number, none = ''): string =>
  value === undefined ? '' : value === null ? none : String(value / factor)

const idleTyped = (value: number | null | undefined): string => {
  if (value === undefined) return ''
  return value === null ? 'never' : durationTyped(value)
}

/** `null`: of a new plan. */
export function draftOf(plan: PlanView | null): PlanDraft {
  const terms = plan?.terms ?? {}
  const limits = LIMIT_FIELDS.map(({ name, factor, none }) => [name, typed(terms[name], factor, none)])
  const idle = SLEEP_TIERS.map((tier) => [tier, idleTyped(terms.idleS?.[tier])])
  return {
    ...{ key: plan?.key ?? '', title: plan?.title ?? '', ociRuntime: terms.ociRuntime ?? '' },
    ...{ limits: Object.fromEntries(limits), idle: Object.fromEntries(idle) },
  }
}

/** What counts where nothing is typed. */
export const placeholderOf = (defaults: PlanLimits, { name, factor, none }: LimitField): string =>
  typed(defaults[name], factor, none)
export const idlePlaceholderOf = (defaults: PlanLimits, tier: SleepTier): string =>
  idleTyped(defaults.idleS[tier] ?? null)

function termsOf({ limits, ociRuntime, idle }: PlanDraft): Record<string, unknown> {
  const said = LIMIT_FIELDS.flatMap(({ name, factor, none }) => {
    const text = limits[name]
    if (text === '') return []
    return [[name, text === none ? null : Math.round(Number(text) * factor)]]
  })
  const times = SLEEP_TIERS.flatMap((tier) => {
    const text = idle[tier].trim()
    return text === '' ? [] : [[tier, text === 'never' ? null : secondsTyped(text)]]
  })
  return {
    ...Object.fromEntries(said),
    ...(ociRuntime !== '' && { ociRuntime }),
    ...(times.length > 0 && { idleS: Object.fromEntries(times) }),
  }
}

const schema = z.object({ key: planKeySchema, title: planTitleSchema, terms: planTermsSchema })

export type ParsedPlan =
  | { success: true; data: { key: string; title: string; terms: PlanTerms } }
  | { success: false; flaws: Record<string, string> }

/** `flaws`: by the name of the field. */
export function parseDraft(draft: PlanDraft): ParsedPlan {
  const read = schema.safeParse({ key: draft.key, title: draft.title, terms: termsOf(draft) })
  if (read.success) return read
  const flaws = read.error.issues.map((issue) => {
    const { path } = issue
    const name = String(path.at(-1))
    return [name, path[0] === 'terms' ? flawOf(name, bounds(issue)) : issue.message]
  })
  return { success: false, flaws: Object.fromEntries(flaws) }
}

interface Bounds {
  least?: number
  most?: number
}

const bounds = (issue: z.core.$ZodIssue): Bounds => ({
  ...(issue.code === 'too_small' && { least: Number(issue.minimum) }),
  ...(issue.code === 'too_big' && { most: Number(issue.maximum) }),
})

/** In the unit that is typed. Without bounds, what was typed is no number. */
function flawOf(name: string, { least, most }: Bounds): string {
  const field = LIMIT_FIELDS.find((each) => each.name === name)
  const amount = (value: number) =>
    field ? `${countText(value / field.factor)} ${field.unit}`.trim() : durationTyped(value)
  if (least !== undefined) return `At least ${amount(least)}.`
  if (most !== undefined) return `At most ${amount(most)}.`
  if (!field) return 'Such as 30 min.'
  return field.unit ? `A number, in ${field.unit}.` : 'A whole number.'
}
