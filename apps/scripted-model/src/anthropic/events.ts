/** An answer as the events of the Messages protocol, in the real order. */
import { type Answer, outputTokens } from '../answer/answer.ts'
import { countTokens } from '../answer/tokens.ts'
import type { Step } from '../stream/step.ts'
import { blockScript } from './blocks.ts'
import { stopOf } from './stop.ts'
import { billedParts, deltaUsage, startUsage, type UsageSource } from './usage.ts'

export interface EventSource {
  id: string
  answer: Answer
  usage: UsageSource
  newId: (prefix: string) => string
}

/** The first report counts one token, as the real provider's does: the answer has begun. */
const FIRST_OUTPUT = 1

export function* messageEvents(source: EventSource): Generator<Step> {
  const { answer, usage } = source
  const total = Math.max(FIRST_OUTPUT, outputTokens(answer.pieces))
  let output = FIRST_OUTPUT
  const step = (
    data: { type: string } & Record<string, unknown>,
    options: { reports?: boolean; whole?: boolean } = {},
  ): Step => ({
    event: data.type,
    data,
    used: billedParts(usage, output, options.whole ?? false),
    reports: options.reports ?? false,
  })
  const report = () => step({ ...delta(null), usage: deltaUsage(usage, output, false) }, { reports: true })

  yield step(messageStart(source), { reports: true })
  let repeats = usage.script.repeatUsage ?? 0
  let index = 0
  let before = 0
  for (const piece of answer.pieces) {
    const block = blockScript(piece, source.newId)
    yield step(startEvent(index, block.start))
    if (index === 0) yield step({ type: 'ping' })
    let text = ''
    for (const { delta: own, adds } of block.deltas) {
      text += adds
      output = Math.max(FIRST_OUTPUT, before + countTokens(text))
      yield step(deltaEvent(index, own))
      if (repeats > 0) {
        repeats -= 1
        yield report()
      }
    }
    before += countTokens(piece.text)
    yield step(stopEvent(index++))
    if (!block.result) continue
    yield step(startEvent(index, block.result))
    yield step(stopEvent(index++))
  }
  output = total
  yield step({ ...delta(answer), usage: deltaUsage(usage, total, true) }, { reports: true, whole: true })
  yield step({ type: 'message_stop' }, { whole: true })
}

const startEvent = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
})
const deltaEvent = (index: number, own: object) => ({ type: 'content_block_delta', index, delta: own })
const stopEvent = (index: number) => ({ type: 'content_block_stop', index })

const delta = (answer: Answer | null) => ({
  type: 'message_delta',
  delta: answer ? stopOf(answer) : { stop_reason: null, stop_sequence: null },
})

const messageStart = ({ id, usage }: EventSource) => ({
  type: 'message_start',
  message: {
    id,
    type: 'message',
    role: 'assistant',
    model: usage.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: startUsage(usage, FIRST_OUTPUT),
  },
})
