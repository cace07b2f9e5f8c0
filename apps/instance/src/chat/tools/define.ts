/** Makes a tool of a schema and what it does: inputs come from a model, and are looked at first. */
import * as z from 'zod/mini'
import { PlainError } from '../../files/plain-words.ts'
import type { Outcome, Tool, ToolCall, Verdict } from './tool.ts'

export interface ToolDefinition<T extends z.ZodMiniObject> {
  name: string
  description: string
  input: T
  judge?: (input: z.output<T>) => Verdict | null | Promise<Verdict | null>
  run: (input: z.output<T>, call: ToolCall) => Promise<Outcome>
}

export function defineTool<T extends z.ZodMiniObject>(definition: ToolDefinition<T>): Tool {
  const { name, description, input: schema } = definition
  const checked = (input: unknown): z.output<T> => {
    const { success, data, error } = schema.safeParse(input)
    if (success) return data
    const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
    throw new PlainError(`That input does not fit: ${issues.join('; ')}`)
  }
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' })
  return {
    name,
    description,
    schema: json,
    judge: async (input) => (await definition.judge?.(checked(input))) ?? null,
    run: async (input, call) => definition.run(checked(input), call),
  }
}

/** A field's schema with what the model is told of it. */
export const told = <T extends z.ZodMiniType>(schema: T, words: string): T => schema.check(z.describe(words))
