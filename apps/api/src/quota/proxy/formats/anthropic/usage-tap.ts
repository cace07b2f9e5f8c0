/** Reads the usage of a stream beside its bytes: it sees copies of them, after they were sent on. */
import { createParser } from 'eventsource-parser'
import { z } from 'zod'
import type { Reading, UsageTap } from '../format.ts'
import { nothingYet, overwrite, readingOf, usageSchema } from './usage.ts'

const startSchema = z.object({
  message: z.object({ model: z.string().nullish(), usage: usageSchema.nullish() }),
})
const deltaSchema = z.object({ usage: usageSchema.nullish() })

/** Characters of one event; only those without usage are ever as long. */
const LONGEST_EVENT = 8 * 1_048_576

export function createUsageTap(ttl: 'none' | '5m' | '1h'): UsageTap {
  const figured = nothingYet()
  let state: Reading['state'] = 'none'
  const decoder = new TextDecoder()
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
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent({ event, data }) {
      // The many events of the content have nothing to read.
      if (event?.startsWith('content_block') || event === 'ping') return
      try {
        const json: unknown = JSON.parse(data)
        const { type } = z.object({ type: z.string() }).parse(json)
        if (type === 'message_start') onMessageStart(json)
        else if (type === 'message_delta') onMessageDelta(json)
        else if (type === 'message_stop') state = 'final'
        else if (type === 'error') state = 'failed'
      } catch {
        // Not the provider's: what cannot be read leaves the figures incomplete, and the call is then estimated.
      }
    },
  })
  return {
    write: (chunk) => {
      try {
        parser.feed(decoder.decode(chunk, { stream: true }))
      } catch {
        // The buffer's limit: as above.
      }
    },
    read: () => readingOf(figured, state, ttl),
  }
}
