/** Reads the usage of a stream beside its bytes. */
import { z } from 'zod'
import { createEventTap } from '../event-tap.ts'
import type { Reading, UsageTap } from '../format.ts'
import { nothingYet, overwrite, readingOf, usageSchema } from './usage.ts'

// Once: a schema is compiled when it first parses, which costs more than the parsing.
const eventSchema = z.object({ type: z.string() })
const startSchema = z.object({
  message: z.object({ model: z.string().nullish(), usage: usageSchema.nullish() }),
})
const deltaSchema = z.object({ usage: usageSchema.nullish() })

/** Characters of a piece of content beside the content itself, and of a usual token. */
const ENVELOPE = 80
const OF_A_TOKEN = 4
/** Characters of one event; only those without usage are ever as long. */
const LONGEST_EVENT = 8 * 1_048_576

export function createUsageTap(ttl: 'none' | '5m' | '1h'): UsageTap {
  const figured = nothingYet()
  let state: Reading['state'] = 'none'
  let streamed = 0
  /** Figures that cannot be read leave those before them, which are no whole. */
  let isIncomplete = false
  const onMessageStart = (data: unknown) => {
    const { message } = startSchema.parse(data)
    figured.model = message.model ?? figured.model
    if (message.usage) overwrite(figured, message.usage)
    state = 'begun'
  }
  const onMessageDelta = (data: unknown) => {
    const delta = deltaSchema.safeParse(data)
    if (!delta.success) isIncomplete = true
    else if (delta.data.usage) overwrite(figured, delta.data.usage)
  }
  const write = createEventTap(LONGEST_EVENT, (event, data) => {
    if (event === 'content_block_delta') streamed += Math.max(0, data.length - ENVELOPE)
    // The many events of the content have nothing to read.
    if (event?.startsWith('content_block') || event === 'ping') return
    const json: unknown = JSON.parse(data)
    const { type } = eventSchema.parse(json)
    if (type === 'message_start') onMessageStart(json)
    else if (type === 'message_delta') onMessageDelta(json)
    else if (type === 'message_stop') state = state === 'begun' && !isIncomplete ? 'final' : state
    else if (type === 'error') state = 'failed'
  })
  return {
    write,
    read: () => readingOf(figured, state, ttl),
    guessedOutput: () => Math.ceil(streamed / OF_A_TOKEN),
  }
}
