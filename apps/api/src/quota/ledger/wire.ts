/** The ledger over JSON: amounts and times as text. Both ends check what they are told. */
import { aiProviderSchema, idSchema, planKeySchema } from '@matrixos/shared'
import { z } from 'zod'

/** As far as the database's columns reach. */
const LARGEST = 2n ** 63n - 1n
const amount = z.codec(z.string().regex(/^-?\d{1,19}$/), z.bigint().min(-LARGEST).max(LARGEST), {
  decode: BigInt,
  encode: String,
})
const charge = amount.refine((value) => value >= 0n, 'Expected an amount that is not negative.')
const time = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
const bytes = z.codec(
  z.base64(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
    encode: (value) => Buffer.from(value).toString('base64'),
  },
)
const count = z.int32().min(0)
const text = z.string().max(500)

export const allowanceSchema = z.strictObject({
  credits: charge,
  period: z.enum(['once', 'month']),
  callsAtOnce: count,
  callsPerMinute: count,
})

const ofCall = { id: idSchema('aic'), userId: idSchema('usr') }
const target = {
  instanceId: idSchema('ins'),
  provider: aiProviderSchema,
  model: text,
  payer: z.enum(['platform', 'own']),
  allowance: allowanceSchema,
}
const room = { amount: charge, least: charge }

const operationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('hold'), ...ofCall, ...target, ...room },
    ...{ state: z.enum(['reserved', 'dispatched']), proxyId: text },
  }),
  z.strictObject({ kind: z.literal('dispatch'), ...ofCall, ...room, allowance: allowanceSchema }),
  z.strictObject({
    ...{ kind: z.literal('settle'), ...ofCall, ...target, cost: charge },
    usage: z.strictObject({
      ...{ input: count, cacheWrite5m: count, cacheWrite1h: count, cacheRead: count },
      ...{ output: count, webSearches: count },
    }),
    status: z.enum(['settled', 'estimated']),
    httpStatus: count.nullable(),
    durationMs: z
      .number()
      .min(0)
      .max(2 ** 31 - 1),
    firstTokenMs: z
      .number()
      .min(0)
      .max(2 ** 31 - 1)
      .nullable(),
    providerRequestId: text.nullable(),
  }),
  z.strictObject({ kind: z.literal('release'), ...ofCall, allowance: allowanceSchema }),
  z.strictObject({ kind: z.literal('drain'), ...ofCall, most: count }),
  z.strictObject({
    ...{ kind: z.literal('progress'), proxyId: text },
    calls: z.array(z.strictObject({ id: idSchema('aic'), costSoFar: charge })).max(10_000),
  }),
])
export const operationsSchema = z.array(operationSchema).max(1_000)

export const budgetSchema = z.strictObject({
  limit: amount,
  spent: amount,
  held: amount,
  periodEndsAt: time.nullable(),
})

const refused = { kind: z.literal('refused'), budget: budgetSchema }
const answerSchema = z.union([
  z.strictObject({ kind: z.literal('granted'), amount, budget: budgetSchema }),
  z.strictObject({ ...refused, reason: z.literal('credits') }),
  z.strictObject({ ...refused, reason: z.literal('slots') }),
  z.strictObject({ ...refused, reason: z.literal('rate'), retryAfterS: z.number() }),
  z.strictObject({ ...refused, reason: z.literal('gone') }),
  z.strictObject({ kind: z.literal('settled'), budget: budgetSchema }),
  z.strictObject({ kind: z.enum(['draining', 'refused']) }),
  z.strictObject({ kind: z.literal('done') }),
])
export const answersSchema = z.array(answerSchema)

const sealedKeySchema = z.strictObject({ keyVersion: count, iv: bytes, ciphertext: bytes })

export const callerSchema = z
  .strictObject({
    userId: idSchema('usr'),
    instanceId: idSchema('ins'),
    handle: z.string(),
    plan: planKeySchema,
    host: z.string().nullable(),
    ownKeys: z.partialRecord(aiProviderSchema, sealedKeySchema),
  })
  .nullable()

const ratesSchema = z.strictObject({
  ...{ input: amount, cacheWrite5m: amount, cacheWrite1h: amount, cacheRead: amount, output: amount },
})

export const pricesSchema = z.array(
  z.strictObject({
    provider: aiProviderSchema,
    model: z.string(),
    effectiveFrom: time,
    rates: ratesSchema,
    longPrompt: z.strictObject({ aboveTokens: z.number(), rates: ratesSchema }).nullable(),
    webSearchPer1000: amount.nullable(),
    maxOutputTokens: z.number().nullable(),
    source: z.enum(['package', 'file', 'admin']),
  }),
)
