/** Which tool a question calls for, and an input that its schema accepts. */
import { z } from 'zod'
import type { OfferedTool, Prompt } from './prompt.ts'

/** Asked for, or the first whose name has a longer word in common with the question. */
export function chooseTool(prompt: Prompt): OfferedTool | null {
  const { tools, toolChoice, lastWords } = prompt
  if (toolChoice === 'never' || prompt.toolResult !== null) return null
  if (typeof toolChoice === 'object') return tools.find((tool) => tool.name === toolChoice.name) ?? null
  const asked = new Set(wordsOf(lastWords))
  const fitting = tools.find((tool) => wordsOf(tool.name).some((word) => asked.has(word)))
  return fitting ?? (toolChoice === 'must' ? (tools[0] ?? null) : null)
}

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]{4,}/g) ?? []

const schemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
})

/** Fills what is required: choices with their first, texts with the last name in the question. */
export function inputFor(schema: unknown, lastWords: string): unknown {
  const parsed = schemaSchema.safeParse(schema)
  if (!parsed.success) return {}
  const { properties = {}, required = Object.keys(properties), ...own } = parsed.data
  if (own.enum?.length) return own.enum[0]
  switch (Array.isArray(own.type) ? own.type[0] : own.type) {
    case 'string':
      return lastWords.match(/\b\p{Lu}\p{L}+/gu)?.at(-1) ?? 'something'
    case 'number':
    case 'integer':
      return Number(lastWords.match(/\d+/)?.[0] ?? 1)
    case 'boolean':
      return true
    case 'array':
      return []
    case 'null':
      return null
    default:
      return Object.fromEntries(required.map((name) => [name, inputFor(properties[name], lastWords)]))
  }
}
