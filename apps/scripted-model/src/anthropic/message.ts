/** An answer as one whole message. */
import { outputTokens } from '../answer/answer.ts'
import type { BilledPart } from '../truth.ts'
import { blockScript } from './blocks.ts'
import type { EventSource } from './events.ts'
import { stopOf } from './stop.ts'
import { billedParts, iterationsOf, startUsage } from './usage.ts'

export function wholeMessage(source: EventSource): { message: object; used: BilledPart[] } {
  const { answer, usage } = source
  const output = Math.max(1, outputTokens(answer.pieces))
  const used = billedParts(usage, output, true)
  const own = used[0]?.usage
  const cache = own
    ? { input: own.input, read: own.cacheRead, write5m: own.cacheWrite5m, write1h: own.cacheWrite1h }
    : usage.cache
  const content = answer.pieces.flatMap((piece) => {
    const block = blockScript(piece, source.newId)
    return block.result ? [block.whole, block.result] : [block.whole]
  })
  const message = {
    id: source.id,
    type: 'message',
    role: 'assistant',
    model: usage.model,
    content,
    ...stopOf(answer),
    usage: {
      ...startUsage({ ...usage, cache }, output),
      ...(usage.webSearches > 0 && { server_tool_use: { web_search_requests: usage.webSearches } }),
      ...(usage.script.iterations && { iterations: iterationsOf(usage, output) }),
    },
  }
  return { message, used }
}
