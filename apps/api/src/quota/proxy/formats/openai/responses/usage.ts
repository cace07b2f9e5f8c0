/** Reads what a response used: beside its events, or from its whole. */
import { z } from 'zod'
import { createEventTap } from '../../event-tap.ts'
import type { Reading, UsageTap } from '../../format.ts'
import { isRecord, parseJson } from '../../parse-body.ts'
import { nothingSaid, readingOf, responseUsageSchema, type Said } from '../usage.ts'

const responseSchema = z.object({
  model: z.string().nullish(),
  service_tier: z.string().nullish(),
  status: z.string().nullish(),
  usage: responseUsageSchema.nullish(),
  output: z.array(z.unknown()).nullish(),
})
const eventSchema = z.object({ type: z.string(), response: responseSchema.optional() })

/** Characters of one event: the last has the whole answer in it. */
const LONGEST_EVENT = 32 * 1_048_576
/** All others are pieces of the answer. */
const READ = /^(response\.(created|completed|incomplete|failed)|error)$/

const searchesIn = (output: readonly unknown[]): number =>
  output.filter((item) => isRecord(item) && item.type === 'web_search_call').length

function take(said: Said, { model, service_tier, usage, output }: z.infer<typeof responseSchema>): void {
  said.model = model ?? said.model
  said.tier = service_tier ?? said.tier
  if (usage) said.usage = { ...usage, webSearches: searchesIn(output ?? []) }
}

/** An end without figures is none that a call can be settled on. */
function endOf({ usage }: Said, status: string | null | undefined): Reading['state'] {
  if (status === 'failed') return 'failed'
  return usage && (status === 'completed' || status === 'incomplete') ? 'final' : 'begun'
}

export function createResponsesTap(): UsageTap {
  const said = nothingSaid()
  const write = createEventTap(LONGEST_EVENT, (name, data) => {
    if (name !== undefined && !READ.test(name)) return
    const { type, response } = eventSchema.parse(JSON.parse(data))
    if (!READ.test(type)) return
    if (response) take(said, response)
    if (type === 'error') said.state = 'failed'
    else if (said.state !== 'failed') said.state = endOf(said, type.slice('response.'.length))
  })
  return { write, read: () => readingOf(said) }
}

export function readResponse(body: Buffer): Reading {
  const said = nothingSaid()
  const parsed = responseSchema.safeParse(parseJson(body))
  if (parsed.success) {
    take(said, parsed.data)
    said.state = endOf(said, parsed.data.status)
  }
  return readingOf(said)
}
