/** Why an answer ended, in the words of the Messages protocol. */
import type { Answer } from '../answer/answer.ts'

const REASONS = {
  end: 'end_turn',
  length: 'max_tokens',
  sequence: 'stop_sequence',
  tool: 'tool_use',
  refusal: 'refusal',
} as const satisfies Record<Answer['stop'], string>

export const stopOf = ({ stop, stopSequence }: Answer) => ({
  stop_reason: REASONS[stop],
  stop_sequence: stopSequence,
  ...(stop === 'refusal' && {
    stop_details: { type: 'refusal', category: 'general_harms', explanation: 'It was scripted.' },
  }),
})
