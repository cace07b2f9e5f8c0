/**
 * The prices that this repository states itself (`overrides.json`): of models that the package does not have or has
 * wrong, and of the demonstration model.
 */
import { AI_PROVIDERS, type AiProvider, editedPriceSchema, type ModelPrice } from '@matrixos/shared'
import { z } from 'zod'
import { chargedPrice } from './edited-price.ts'
import data from './overrides.json' with { type: 'json' }

const entrySchema = editedPriceSchema.extend({
  provider: z.enum(AI_PROVIDERS),
  models: z.array(z.string().min(1)).min(1),
  /** A day, from its beginning in UTC. */
  effective_from: z.iso.date(),
  /** Where the price is from. */
  source: z.string().min(1),
  longPrompt: editedPriceSchema.shape.longPrompt.default(null),
})

const fileSchema = z.object({
  prices: z.array(entrySchema),
  /** Of models whose rates the package has: it knows nothing of the length of answers. */
  maxOutputTokens: z.partialRecord(
    z.enum(AI_PROVIDERS),
    z.object({ source: z.string().min(1), models: z.record(z.string(), z.number().int().min(1)) }),
  ),
})

export interface FilePrices {
  prices: ModelPrice[]
  maxOutputTokens: (provider: AiProvider, model: string) => number | null
}

/** Throws a ZodError for a file that is not of this form, and an Error for two prices of one model and day. */
export function readPrices(file: unknown): FilePrices {
  const { prices, maxOutputTokens } = fileSchema.parse(file)
  const seen = new Set<string>()
  return {
    prices: prices.flatMap(({ provider, models, effective_from, source: _, ...price }) =>
      models.map((model): ModelPrice => {
        const key = `${provider} ${model} from ${effective_from}`
        if (seen.has(key)) throw new Error(`Two prices of ${key}.`)
        seen.add(key)
        const effectiveFrom = new Date(`${effective_from}T00:00:00Z`)
        return { provider, model, effectiveFrom, ...chargedPrice(price), source: 'file' }
      }),
    ),
    maxOutputTokens: (provider, model) => maxOutputTokens[provider]?.models[model] ?? null,
  }
}

export const filePrices = (): FilePrices => readPrices(data)
