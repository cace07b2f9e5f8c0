/** An answer as the typed events of the responses protocol, in the real order. */
import { countTokens } from '../../answer/tokens.ts'
import { slicesOf } from '../../stream/slices.ts'
import type { Step } from '../../stream/step.ts'
import type { Completion } from '../completion.ts'
import { type ItemEvent, itemScript } from './items.ts'
import { responseBody } from './whole.ts'

export function* responseEvents(completion: Completion): Generator<Step> {
  const { answer, billed } = completion
  const refused = answer.stop === 'refusal'
  let output = 1
  let sequence = 0
  const step = (event: ItemEvent, reports = false): Step => ({
    event: event.type,
    data: { ...event, sequence_number: sequence++ },
    used: billed(output),
    reports,
  })

  const begun = responseBody(completion, [], 'in_progress')
  yield step({ type: 'response.created', response: begun })
  yield step({ type: 'response.in_progress', response: begun })
  const items: object[] = []
  let before = 0
  for (const [output_index, piece] of answer.pieces.entries()) {
    const item = itemScript(piece, refused, completion.newId)
    yield step({ type: 'response.output_item.added', output_index, item: item.begun })
    for (const event of item.before) yield step({ ...event, output_index })
    let text = ''
    for (const slice of slicesOf(piece.text)) {
      text += slice
      output = Math.max(1, before + countTokens(text))
      if (item.added) yield step({ ...item.added(slice), output_index })
    }
    for (const event of item.after) yield step({ ...event, output_index })
    yield step({ type: 'response.output_item.done', output_index, item: item.whole })
    items.push(item.whole)
    before += countTokens(piece.text)
  }
  output = completion.outputTokens
  const status = answer.stop === 'length' ? 'incomplete' : 'completed'
  yield step({ type: `response.${status}`, response: responseBody(completion, items, status) }, true)
}
