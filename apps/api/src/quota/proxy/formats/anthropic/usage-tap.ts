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

/** Characters of one event; only those without usage are ever as long. */
const LONGEST_EVENT = 8 * 1_048_576

export function createUsageTap(ttl: 'none' | '5m' | '1h'): UsageTap {
  const figured = nothingYet()
  let state: Reading['state'] = 'none'
  const onMessageStart = (data: unknown) => {
    const { message } = startSchema.parse(data)
    figured.model = message.model ?? figured.model
    if (message.usage) overwrite(figured, message.usage)
    state = 'begun'
  }
  const onMessageDelta = (data: unknown) => {
    const { usage } = deltaSchema.parse(data)
    if (usage) overwrite(figured, usage)
  }
  const write = createEventTap(LONGEST_EVENT, (event, data) => {
    // The many events of the content have nothing to read.
    if (event?.startsWith('content_block') || event === 'ping') return
    const json: unknown = JSON.parse(data)
    const { type } = eventSchema.parse(json)
    if (type === 'message_start') onMessageStart(json)
    else if (type === 'message_delta') onMessageDelta(json)
    else if (type === 'message_stop') state = 'final'
    else if (type === 'error') state = 'failed'
  })
  return { write, read: () => readingOf(figured, state, ttl) }
}
