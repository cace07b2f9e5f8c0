/** AI credits as people and administrators see them. Amounts are decimal strings of USD. */
import { z } from 'zod'
import { idSchema } from './ids.ts'
import { parseUsd } from './money.ts'
import { aiProviderSchema } from './prices.ts'

/** Percent of the limit: a person is told once when each is reached. */
export const ALERT_THRESHOLDS = [80, 100] as const
export const alertThresholdSchema = z.literal(ALERT_THRESHOLDS)
export type AlertThreshold = z.infer<typeof alertThresholdSchema>

/** `'2.30'`: not negative, at most 9 places. */
const usdSchema = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'Expected an amount of USD, such as 2.50.')

/** Most that can be asked for, or granted, at once. */
const MOST_USD = '10000'
/** What people type: cents, more than nothing. */
export const amountSchema = z
  .string()
  .trim()
  .regex(/^\d{1,5}(\.\d{1,2})?$/, { error: 'Enter an amount in US dollars, such as 5 or 2.50.', abort: true })
  .refine((text) => parseUsd(text) > 0n, 'Enter an amount above 0.')
  .refine((text) => parseUsd(text) <= parseUsd(MOST_USD), `Enter ${MOST_USD} at most.`)

export const creditRequestViewSchema = z.object({
  id: z.number().int(),
  amount: usdSchema,
  reason: z.string(),
  state: z.enum(['open', 'approved', 'denied', 'withdrawn']),
  granted: usdSchema.nullable(),
  /** The administrator's word. */
  answer: z.string().nullable(),
  createdAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
})
export type CreditRequestView = z.infer<typeof creditRequestViewSchema>

export const requestCreditsSchema = z.object({
  amount: amountSchema,
  reason: z.string().trim().min(1, 'Say in a few words what you need them for.').max(500),
})

export const ownKeyViewSchema = z.object({
  provider: aiProviderSchema,
  /** Last 4 characters. */
  ending: z.string(),
  createdAt: z.iso.datetime(),
  /** Since when the provider refuses it. */
  refusedAt: z.iso.datetime().nullable(),
})
export type OwnKeyView = z.infer<typeof ownKeyViewSchema>

/** Without whitespace, as providers' keys are. */
export const ownKeySchema = z.object({
  provider: aiProviderSchema,
  key: z.string().trim().min(8, 'This key is too short.').max(512).regex(/^\S+$/, 'A key has no spaces.'),
})

export const alertAddressSchema = z.object({
  email: z.email('Enter an email address, such as you@example.org.').max(254),
})

export const callInFlightSchema = z.object({
  id: idSchema('aic'),
  model: z.string(),
  startedAt: z.iso.datetime(),
  /** To the last second, while it streams. */
  costSoFar: usdSchema,
  held: usdSchema,
})

export const creditsViewSchema = z.object({
  limit: usdSchema,
  /** In this period. */
  spent: usdSchema,
  /** Set aside for calls in flight. */
  held: usdSchema,
  /** `limit - spent - held`, never below 0. */
  remaining: usdSchema,
  /** Part of `limit` that was granted beyond the plan's. */
  granted: usdSchema,
  period: z.enum(['once', 'month']),
  /** `null`: one period for ever. */
  periodEndsAt: z.iso.datetime().nullable(),
  callsAtOnce: z.number().int(),
  callsPerMinute: z.number().int(),
  calls: z.array(callInFlightSchema),
  /** The highest threshold that was reached in this round and not dismissed. */
  alert: z.object({ threshold: alertThresholdSchema, round: z.number().int() }).nullable(),
  /** The newest request for more, whatever became of it. */
  request: creditRequestViewSchema.nullable(),
  ownKeys: z.array(ownKeyViewSchema),
  /** By provider, what answers on the platform's key: nobody, the provider, or the demonstration model. */
  upstreams: z.record(aiProviderSchema, z.enum(['none', 'provider', 'demonstration'])),
  alertAddress: z.object({ email: z.string(), isConfirmed: z.boolean() }).nullable(),
  /** Whether this platform can send mail. */
  canMail: z.boolean(),
})
export type CreditsView = z.infer<typeof creditsViewSchema>

/** Days are UTC. */
export const usageQuerySchema = z.object({ days: z.number().int().min(1).max(366).default(30) })

/** What one model cost on one day; days and models without calls have no row. */
export const dailyUsageSchema = z.object({
  day: z.iso.date(),
  model: z.string(),
  calls: z.number().int(),
  tokens: z.number().int(),
  cost: usdSchema,
  /** Part of `cost` that own keys paid. */
  ownCost: usdSchema,
})
export type DailyUsage = z.infer<typeof dailyUsageSchema>

export const callViewSchema = z.object({
  id: idSchema('aic'),
  at: z.iso.datetime(),
  provider: aiProviderSchema,
  model: z.string(),
  payer: z.enum(['platform', 'own']),
  /** `estimated`: the provider's figures never came; the amount that was set aside was charged. */
  status: z.enum(['settled', 'estimated']),
  inputTokens: z.number().int(),
  cacheWriteTokens: z.number().int(),
  cacheReadTokens: z.number().int(),
  outputTokens: z.number().int(),
  webSearches: z.number().int(),
  cost: usdSchema,
  durationMs: z.number().int(),
})
export type CallView = z.infer<typeof callViewSchema>

export const callsQuerySchema = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(500).default(50),
})
export const callPageSchema = z.object({ calls: z.array(callViewSchema), nextCursor: z.string().nullable() })

/** `GET /budget` of the proxy: what an instance can read about its owner's credits. */
export const budgetAnswerSchema = z.object({
  limit_usd: usdSchema,
  spent_usd: usdSchema,
  held_usd: usdSchema,
  remaining_usd: usdSchema,
  period_ends_at: z.iso.datetime().nullable(),
  /** The highest threshold reached, in percent; `null` below 80. */
  alert: alertThresholdSchema.nullable(),
})
export type BudgetAnswer = z.infer<typeof budgetAnswerSchema>

/** On the proxy's answers, next to the provider's own: decimal strings of USD, and what was clamped. */
export const CREDIT_HEADERS = {
  /** On a request: what this call may cost at most, whatever is left. One that may cost more is cut down, or refused. */
  limit: 'x-credits-limit-usd',
  /** Of this call. On a stream, which ends after its headers, it comes as a trailer, and what is left then with it. */
  cost: 'x-credits-cost-usd',
  spent: 'x-credits-spent-usd',
  held: 'x-credits-held-usd',
  remaining: 'x-credits-remaining-usd',
  /** `max_tokens`, lowered to what the credits allow. */
  clamped: 'x-credits-max-tokens',
  callId: 'x-credits-call-id',
} as const
