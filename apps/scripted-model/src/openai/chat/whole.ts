/** An answer as one whole completion of the chat protocol. */
import type { Completion } from '../completion.ts'
import { chatUsage, FINISH } from './chunks.ts'

export function wholeCompletion(completion: Completion): object {
  const { answer, newId } = completion
  const text = answer.pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : [])).join('')
  const refused = answer.stop === 'refusal'
  const calls = answer.pieces.flatMap((piece) =>
    piece.kind === 'tool'
      ? [{ id: newId('call'), type: 'function', function: { name: piece.name, arguments: piece.text } }]
      : [],
  )
  return {
    id: completion.id,
    object: 'chat.completion',
    created: completion.createdS,
    model: completion.model,
    system_fingerprint: 'fp_demonstration',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: refused ? null : text,
          refusal: refused ? text : null,
          annotations: [],
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: FINISH[answer.stop],
      },
    ],
    usage: chatUsage(completion),
  }
}
