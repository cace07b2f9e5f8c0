/** Requests of the responses protocol: what is read of them; the rest is accepted as it comes. */
import { z } from 'zod'
import { MOST_TOKENS } from '../../answer/models.ts'
import type { Prompt } from '../../answer/prompt.ts'
import { withoutScript } from '../../script/find.ts'
import { promptBlock, textOf } from '../completion.ts'

const contentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])

const itemSchema = z.looseObject({
  type: z.string().optional(),
  role: z.string().optional(),
  content: contentSchema.nullish(),
  output: contentSchema.optional(),
})

export const responsesSchema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(itemSchema).min(1)]),
  instructions: z.string().nullish(),
  tools: z
    .array(
      z.looseObject({ type: z.string(), name: z.string().optional(), parameters: z.unknown().optional() }),
    )
    .nullish(),
  tool_choice: z
    .union([z.enum(['auto', 'none', 'required']), z.looseObject({ name: z.string().optional() })])
    .nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  stream: z.boolean().nullish(),
})
export type ResponsesRequest = z.infer<typeof responsesSchema>

const itemsOf = ({ input }: ResponsesRequest) =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : input

export const firstTexts = (request: ResponsesRequest) => [
  request.instructions ?? '',
  textOf(itemsOf(request)[0]?.content),
]

export function promptOf(request: ResponsesRequest): Prompt {
  const items = itemsOf(request)
  const last = items.at(-1)
  const result = last && 'output' in last && last.type === 'function_call_output' ? textOf(last.output) : null
  const tools = request.tools ?? []
  const effort = request.reasoning?.effort
  return {
    lastWords: result === null ? withoutScript(textOf(last?.content)) : '',
    toolResult: result,
    ...{ asked: '', results: [] },
    tools: tools.flatMap((tool) =>
      tool.type === 'function' && tool.name ? [{ name: tool.name, schema: tool.parameters }] : [],
    ),
    toolChoice: choiceOf(request.tool_choice),
    webSearch: tools.some(({ type }) => type.startsWith('web_search')),
    thinks: Boolean(effort && effort !== 'none'),
    maxTokens: request.max_output_tokens ?? MOST_TOKENS,
    stopSequences: [],
    blocks: [...tools, request.instructions ?? '', ...items].map(promptBlock),
  }
}

function choiceOf(choice: ResponsesRequest['tool_choice']): Prompt['toolChoice'] {
  if (typeof choice === 'object' && choice?.name) return { name: choice.name }
  if (choice === 'required') return 'must'
  return choice === 'none' ? 'never' : 'may'
}
