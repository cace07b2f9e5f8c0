/** Requests of the Messages protocol: what is read of them; the rest is accepted as it comes. */
import { z } from 'zod'

const cacheControlSchema = z.looseObject({
  type: z.literal('ephemeral'),
  ttl: z.enum(['5m', '1h']).optional(),
})

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  content: z.unknown().optional(),
  cache_control: cacheControlSchema.nullish(),
})
export type RequestBlock = z.infer<typeof blockSchema>

const contentSchema = z.union([z.string(), z.array(blockSchema)])

const toolSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string().min(1),
  input_schema: z.unknown().optional(),
  cache_control: cacheControlSchema.nullish(),
})

const messageSchema = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: contentSchema })

export const countSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1, 'at least one message is required'),
  system: contentSchema.optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: z
    .looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() })
    .optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  cache_control: cacheControlSchema.nullish(),
})

export const messagesSchema = countSchema.extend({
  max_tokens: z.number().int().min(1),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
})

export type CountRequest = z.infer<typeof countSchema>
export type MessagesRequest = z.infer<typeof messagesSchema>
