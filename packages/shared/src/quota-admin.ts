/** AI credits as administrators see and set them. */
import { z } from 'zod'
import { aiProviderSchema } from './prices.ts'
import { amountSchema, creditRequestViewSchema } from './quota.ts'

const usd = z.string()

/** `days`: of the spend by person, model and day; the exposure is of this moment. */
export const spendQuerySchema = z.object({ days: z.number().int().min(1).max(366).default(30) })

export const spendViewSchema = z.object({
  /** On the platform's key, in these days. */
  total: usd,
  today: usd,
  /** Until the end of this month (UTC), at the mean of the last 7 days; `null`: nothing to go by. */
  forecastMonth: usd.nullable(),
  spentThisMonth: usd,
  /** What calls in flight may cost at most. */
  exposure: usd,
  callsInFlight: z.number().int(),
  /** Part of `total` that was charged without the provider's figures, and its calls. */
  estimated: z.object({ cost: usd, calls: z.number().int() }),
  byDay: z.array(z.object({ day: z.iso.date(), model: z.string(), cost: usd, calls: z.number().int() })),
  byModel: z.array(
    z.object({ model: z.string(), cost: usd, calls: z.number().int(), tokens: z.number().int() }),
  ),
  /** The 100 who spent most. `handle`: `null` for deleted accounts. */
  byPerson: z.array(
    z.object({
      handle: z.string().nullable(),
      cost: usd,
      calls: z.number().int(),
      limit: usd.nullable(),
      spent: usd.nullable(),
    }),
  ),
})
export type SpendView = z.infer<typeof spendViewSchema>

/** What one person may use; `null` in a change: what the plan gives. */
export const personLimitsViewSchema = z.object({
  credits: usd.nullable(),
  callsAtOnce: z.number().int().nullable(),
  callsPerMinute: z.number().int().nullable(),
  plan: z.object({
    credits: usd,
    period: z.enum(['once', 'month']),
    callsAtOnce: z.number().int(),
    callsPerMinute: z.number().int(),
  }),
  granted: usd,
  spent: usd,
  held: usd,
  limit: usd,
  grants: z.array(
    z.object({
      amount: usd,
      message: z.string().nullable(),
      grantedBy: z.string().nullable(),
      at: z.iso.datetime(),
    }),
  ),
})
export type PersonLimitsView = z.infer<typeof personLimitsViewSchema>

export const personLimitsSchema = z.object({
  handle: z.string().max(64),
  credits: amountSchema.or(z.literal('0')).nullable(),
  callsAtOnce: z.number().int().min(0).max(100).nullable(),
  callsPerMinute: z.number().int().min(0).max(10_000).nullable(),
})

export const grantSchema = z.object({
  handle: z.string().max(64),
  amount: amountSchema,
  message: z.string().trim().max(500).optional(),
})

export const openRequestSchema = creditRequestViewSchema.extend({
  handle: z.string(),
  spent: usd,
  limit: usd,
})
export type OpenRequestView = z.infer<typeof openRequestSchema>

export const answerRequestSchema = z.discriminatedUnion('verdict', [
  z.object({
    verdict: z.literal('approve'),
    id: z.number().int(),
    amount: amountSchema,
    answer: z.string().trim().max(500).optional(),
  }),
  z.object({ verdict: z.literal('deny'), id: z.number().int(), answer: z.string().trim().min(1).max(500) }),
])

/** USD per million tokens, as price lists have it. */
const rate = z.string().regex(/^\d{1,6}(\.\d{1,9})?$/, 'Enter USD per million tokens, such as 3 or 0.25.')
const ratesSchema = z.object({
  input: rate,
  cacheWrite5m: rate,
  cacheWrite1h: rate,
  cacheRead: rate,
  output: rate,
})

export const editedPriceSchema = z.object({
  rates: ratesSchema,
  longPrompt: z.object({ aboveTokens: z.number().int().min(1), rates: ratesSchema }).nullable(),
  /** USD per 1,000. */
  webSearchPer1000: rate.nullable(),
  maxOutputTokens: z.number().int().min(1).nullable(),
})
export type EditedPrice = z.infer<typeof editedPriceSchema>

export const priceEditSchema = z.object({
  provider: aiProviderSchema,
  model: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._:/-]*$/, 'Enter the model’s id, such as claude-haiku-4-5.'),
  effectiveFrom: z.iso.datetime(),
  /** `null`: takes back what was edited for this model and time. */
  price: editedPriceSchema.nullable(),
  note: z.string().trim().max(200).optional(),
})

export const priceViewSchema = editedPriceSchema.extend({
  provider: aiProviderSchema,
  model: z.string(),
  effectiveFrom: z.iso.datetime(),
  /** `null`: until further notice. */
  effectiveUntil: z.iso.datetime().nullable(),
  source: z.enum(['package', 'file', 'admin']),
  /** Of an administrator's edit. */
  editedBy: z.string().nullable(),
  note: z.string().nullable(),
})
export type PriceView = z.infer<typeof priceViewSchema>
