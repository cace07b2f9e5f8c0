/** Reads what a completion used: beside its chunks, or from its whole. */
import { z } from 'zod'
import { createEventTap } from '../../event-tap.ts'
import type { Reading, UsageTap } from '../../format.ts'
import { parseJson } from '../../parse-body.ts'
import { chatUsageSchema, nothingSaid, readingOf, type Said } from '../usage.ts'

const completionSchema = z.object({
  model: z.string().nullish(),
  service_tier: z.string().nullish(),
  choices: z.array(z.unknown()).nullish(),
  usage: chatUsageSchema.nullish(),
})
const errorSchema = z.object({ error: z.object({}) })

/** Characters of one chunk; only those of content are ever as long. */
const LONGEST_CHUNK = 8 * 1_048_576
/** The many chunks of the content have nothing more to read. */
const CUE = /"prompt_tokens"|"error"/

type Completion = z.infer<typeof completionSchema>

function take(said: Said, completion: Completion): void {
  said.model = completion.model ?? said.model
  said.tier = completion.service_tier ?? said.tier
  said.usage = completion.usage ?? said.usage
}

export function createChatTap(): UsageTap {
  const said = nothingSaid()
  const write = createEventTap(LONGEST_CHUNK, (event, data) => {
    if (said.state === 'final') return
    // Some servers tell the usage in each chunk: the last one counts.
    if (data === '[DONE]') {
      if (said.usage) said.state = 'final'
      return
    }
    if (said.state === 'begun' && event !== 'error' && !CUE.test(data)) return
    const json: unknown = JSON.parse(data)
    if (event === 'error' || errorSchema.safeParse(json).success) {
      said.state = 'failed'
      return
    }
    const completion = completionSchema.parse(json)
    take(said, completion)
    // After an error, nothing makes it good.
    if (said.state === 'failed') return
    said.state = completion.usage && completion.choices?.length === 0 ? 'final' : 'begun'
  })
  return { write, read: () => readingOf(said) }
}

export function readCompletion(body: Buffer): Reading {
  const said = nothingSaid()
  const parsed = completionSchema.safeParse(parseJson(body))
  if (parsed.success) take(said, parsed.data)
  if (said.usage) said.state = 'final'
  return readingOf(said)
}
