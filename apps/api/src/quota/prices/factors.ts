/**
 * What multiplies a model's rates: the tier, the speed and the region of a call. Factors are data with a source
 * (`factors.json`) and count for tokens; searches have one price everywhere.
 */
import { AI_PROVIDERS, type AiProvider } from '@matrixos/shared'
import { z } from 'zod'
import data from './factors.json' with { type: 'json' }
import { multiply, ONE, type Rational } from './rational.ts'
import type { ServedTerms } from './terms.ts'

const TERMS = ['tier', 'speed', 'region'] as const
export type Term = (typeof TERMS)[number]

const factorSchema = z.object({
  provider: z.enum(AI_PROVIDERS),
  term: z.enum(TERMS),
  values: z.array(z.string()).min(1),
  models: z.union([z.literal('all'), z.array(z.string()).min(1)]),
  /** `6/5`: numerator and denominator. */
  factor: z.string().regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/),
  source: z.string().min(1),
})
const neutralSchema = z.record(z.enum(AI_PROVIDERS), z.record(z.enum(TERMS), z.array(z.string())))
const { factors, neutral } = z.object({ neutral: neutralSchema, factors: z.array(factorSchema) }).parse(data)

interface Row {
  provider: AiProvider
  term: Term
  values: string[]
  models: 'all' | string[]
  factor: Rational
}
const ROWS: readonly Row[] = factors.map(({ factor, ...row }) => {
  const [n = '1', d = '1'] = factor.split('/')
  return { ...row, factor: { n: BigInt(n), d: BigInt(d) } }
})

/** A model as its price has it: without its date. */
interface Priced {
  provider: AiProvider
  model: string
}

/** A row that names the model goes before one for all. */
function rowOf({ provider, model }: Priced, term: Term, value: string): Row | undefined {
  const rows = ROWS.filter(
    (row) => row.provider === provider && row.term === term && row.values.includes(value),
  )
  return rows.find(({ models }) => models.includes(model)) ?? rows.find(({ models }) => models === 'all')
}

/** `null`: nobody here knows what that costs. */
export function knownFactor(priced: Priced, term: Term, value: string | null): Rational | null {
  if (value === null || neutral[priced.provider][term].includes(value)) return ONE
  return rowOf(priced, term, value)?.factor ?? null
}

/** Of all that this model may be served with; 1 at least. */
export function dearestFactor(priced: Priced, term: Term): Rational {
  const values = ROWS.filter((row) => row.provider === priced.provider && row.term === term).flatMap(
    (row) => row.values,
  )
  return values.map((value) => rowOf(priced, term, value)?.factor ?? ONE).reduce(dearer, ONE)
}

export const dearer = (a: Rational, b: Rational): Rational => (a.n * b.d >= b.n * a.d ? a : b)

/**
 * Of a call that was served. A value that nobody here knows counts as the dearest known one: what was served must be
 * paid, and undercharging is what nobody would notice.
 */
export const servedFactor = (priced: Priced, served: ServedTerms): Rational =>
  TERMS.map((term) => knownFactor(priced, term, served[term]) ?? dearestFactor(priced, term)).reduce(
    multiply,
    ONE,
  )
