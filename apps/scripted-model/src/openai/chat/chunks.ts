/** An answer as chunks of the chat protocol, in the real order. */
import type { Answer, Piece } from '../../answer/answer.ts'
import { countTokens } from '../../answer/tokens.ts'
import { slicesOf } from '../../stream/slices.ts'
import type { Step } from '../../stream/step.ts'
import type { Completion } from '../completion.ts'

export const FINISH = {
  end: 'stop',
  length: 'length',
  sequence: 'stop',
  tool: 'tool_calls',
  refusal: 'stop',
} as const satisfies Record<Answer['stop'], string>

export function* chatChunks(completion: Completion, options: { includeUsage: boolean }): Generator<Step> {
  const { answer, billed } = completion
  let output = 1
  const chunk = (choices: object[], usage: object | null = null): Step => ({
    event: null,
    data: {
      id: completion.id,
      object: 'chat.completion.chunk',
      created: completion.createdS,
      model: completion.model,
      system_fingerprint: 'fp_demonstration',
      choices,
      ...(options.includeUsage && { usage }),
    },
    used: billed(output),
    reports: usage !== null,
  })
  const choice = (delta: object, finish_reason: string | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason },
  ]

  yield chunk(choice({ role: 'assistant', content: '', refusal: null }))
  let before = 0
  let tools = 0
  for (const piece of answer.pieces) {
    if (piece.kind === 'tool') yield chunk(choice(toolStart(tools, piece.name, completion.newId('call'))))
    let text = ''
    for (const slice of slicesOf(piece.text)) {
      text += slice
      output = Math.max(1, before + countTokens(text))
      const delta = deltaOf(piece, slice, { tool: tools, refused: answer.stop === 'refusal' })
      if (delta) yield chunk(choice(delta))
    }
    if (piece.kind === 'tool') tools += 1
    before += countTokens(piece.text)
  }
  output = completion.outputTokens
  yield chunk(choice({}, FINISH[answer.stop]))
  if (options.includeUsage) yield chunk([], chatUsage(completion))
  yield { event: null, data: '[DONE]', used: billed(output), reports: false }
}

const toolStart = (index: number, name: string, id: string) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
})

/** `null`: this protocol does not show it. */
function deltaOf(piece: Piece, slice: string, at: { tool: number; refused: boolean }): object | null {
  if (piece.kind === 'text') return at.refused ? { refusal: slice } : { content: slice }
  if (piece.kind === 'tool') return { tool_calls: [{ index: at.tool, function: { arguments: slice } }] }
  return null
}

export const chatUsage = (completion: Completion) => ({
  prompt_tokens: completion.inputTokens,
  completion_tokens: completion.outputTokens,
  total_tokens: completion.inputTokens + completion.outputTokens,
  prompt_tokens_details: { cached_tokens: completion.cachedTokens, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: completion.reasoningTokens,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
})
