/** What an app may ask of the AI: one message and its answer, of bounded length, with nothing that acts by itself. */
import * as z from 'zod/mini'

export const AI_BODY_BYTES = 1024 * 1024
const MOST_TOKENS = 4_096
/** The least expensive one that answers well. */
export const DEFAULT_MODEL = 'claude-haiku-4-5'

const message = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]),
})

/** Tools that the provider runs itself would reach the internet for it, at their own prices. */
const ownTool = z
  .looseObject({ name: z.string(), type: z.optional(z.literal('custom')) })
  .check(z.refine((tool) => Object.hasOwn(tool, 'input_schema')))

const schema = z.object({
  model: z._default(z.string().check(z.maxLength(100)), DEFAULT_MODEL),
  messages: z.array(message).check(z.minLength(1), z.maxLength(200)),
  max_tokens: z._default(z.int().check(z.minimum(1)), 1_024),
  system: z.optional(z.union([z.string(), z.array(z.looseObject({ type: z.literal('text') }))])),
  stream: z._default(z.boolean(), false),
  temperature: z.optional(z.number()),
  top_p: z.optional(z.number()),
  top_k: z.optional(z.number()),
  stop_sequences: z.optional(z.array(z.string())),
  tools: z.optional(z.array(ownTool).check(z.maxLength(32))),
  tool_choice: z.optional(z.looseObject({ type: z.string() })),
})

/** To be sent on; `null`: it makes no sense, or asks for more than an app may. */
export function readAiRequest(body: Buffer): string | null {
  try {
    const { success, data } = schema.safeParse(JSON.parse(body.toString('utf8')))
    return success ? JSON.stringify({ ...data, max_tokens: Math.min(data.max_tokens, MOST_TOKENS) }) : null
  } catch {
    return null
  }
}
