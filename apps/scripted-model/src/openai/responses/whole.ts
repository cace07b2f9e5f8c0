/** The response object: in the first events, in the last, and as a whole answer. */
import type { Completion } from '../completion.ts'
import { itemScript } from './items.ts'

export function wholeResponse(completion: Completion): object {
  const { answer, newId } = completion
  const items = answer.pieces.map((piece) => itemScript(piece, answer.stop === 'refusal', newId).whole)
  return responseBody(completion, items, answer.stop === 'length' ? 'incomplete' : 'completed')
}

export function responseBody(
  completion: Completion,
  output: object[],
  status: 'in_progress' | 'completed' | 'incomplete',
): object {
  return {
    id: completion.id,
    object: 'response',
    created_at: completion.createdS,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model: completion.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    service_tier: 'default',
    usage: status === 'in_progress' ? null : responseUsage(completion),
  }
}

const responseUsage = (completion: Completion) => ({
  input_tokens: completion.inputTokens,
  input_tokens_details: { cached_tokens: completion.cachedTokens, cache_write_tokens: 0 },
  output_tokens: completion.outputTokens,
  output_tokens_details: { reasoning_tokens: completion.reasoningTokens },
  total_tokens: completion.inputTokens + completion.outputTokens,
})
