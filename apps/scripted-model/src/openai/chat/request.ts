/** Requests of the chat protocol: what is read of them; the rest is accepted as it comes. */
import { z } from 'zod'
import { MOST_TOKENS } from '../../answer/models.ts'
import type { Prompt } from '../../answer/prompt.ts'
import { withoutScript } from '../../script/find.ts'
import { promptBlock, textOf } from '../completion.ts'

const contentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])

export const chatSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema.nullish() })).min(1),
  tools: z
    .array(
      z.looseObject({
        function: z.looseObject({ name: z.string(), parameters: z.unknown().optional() }).optional(),
      }),
    )
    .optional(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.looseObject({ function: z.looseObject({ name: z.string() }) }),
    ])
    .optional(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  reasoning_effort: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
})
export type ChatRequest = z.infer<typeof chatSchema>

export const firstTexts = ({ messages }: ChatRequest) =>
  ['system', 'developer', 'user'].flatMap((role) => {
    const first = messages.find((message) => message.role === role)
    return first ? [textOf(first.content)] : []
  })

export function promptOf(request: ChatRequest): Prompt {
  const last = request.messages.at(-1)
  const result = last?.role === 'tool'
  const choice = request.tool_choice
  return {
    lastWords: result ? '' : withoutScript(textOf(last?.content)),
    toolResult: result ? textOf(last.content) : null,
    ...{ asked: '', results: [] },
    tools: (request.tools ?? []).flatMap(({ function: tool }) =>
      tool ? [{ name: tool.name, schema: tool.parameters }] : [],
    ),
    toolChoice:
      typeof choice === 'object'
        ? { name: choice.function.name }
        : choice === 'required'
          ? 'must'
          : choice === 'none'
            ? 'never'
            : 'may',
    webSearch: false,
    thinks: Boolean(request.reasoning_effort && request.reasoning_effort !== 'none'),
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? MOST_TOKENS,
    stopSequences: [request.stop ?? []].flat(),
    blocks: [...(request.tools ?? []), ...request.messages].map(promptBlock),
  }
}
