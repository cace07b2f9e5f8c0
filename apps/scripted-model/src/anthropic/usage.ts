/** Usage: what is billed, and how the Messages protocol says so at the start and at the end of an answer. */
import type { CacheUse } from '../answer/cache.ts'
import type { Script, ScriptedIteration } from '../script/schema.ts'
import type { BilledPart } from '../truth.ts'

export interface UsageSource {
  model: string
  cache: CacheUse
  script: Script
  /** Of web searches that the answer makes. */
  webSearches: number
}

const traits = (script: Script) => ({
  speed: script.speed ?? ('standard' as const),
  serviceTier: script.serviceTier ?? ('standard' as const),
  inferenceGeo: script.inferenceGeo ?? 'global',
})

/** What is billed when the answer ends here. `whole`: with what only the last report knows of. */
export function billedParts(source: UsageSource, output: number, whole: boolean): BilledPart[] {
  const { cache, script, model } = source
  const late = whole ? script.lateCacheWrite : undefined
  const usage = {
    input: cache.input + (whole ? (script.lateInput ?? 0) : 0),
    cacheWrite5m: cache.write5m + (late?.ttl === '5m' ? late.tokens : 0),
    cacheWrite1h: cache.write1h + (late?.ttl === '1h' ? late.tokens : 0),
    cacheRead: cache.read,
    output,
    webSearches: whole ? source.webSearches : 0,
  }
  const own = { model, ...traits(script), usage }
  return whole ? [own, ...(script.iterations ?? []).map((other) => billedIteration(other, own))] : [own]
}

function billedIteration(iteration: ScriptedIteration, own: BilledPart): BilledPart {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = iteration
  const usage = { input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearches: 0 }
  return { ...own, model: iteration.model ?? own.model, usage }
}

/** `message_start`, and whole messages. */
export function startUsage(source: UsageSource, output: number) {
  const { cache, script } = source
  const { speed, serviceTier, inferenceGeo } = traits(script)
  return {
    input_tokens: cache.input,
    cache_creation_input_tokens: cache.write5m + cache.write1h,
    cache_read_input_tokens: cache.read,
    cache_creation: { ephemeral_5m_input_tokens: cache.write5m, ephemeral_1h_input_tokens: cache.write1h },
    output_tokens: output,
    service_tier: serviceTier,
    inference_geo: inferenceGeo,
    ...(script.speed && { speed }),
  }
}

/** `message_delta`: totals so far; `whole`: the last. */
export function deltaUsage(source: UsageSource, output: number, whole: boolean) {
  const { cache, script } = source
  if (script.nullTotals)
    return {
      input_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens: output,
      ...(whole && extras(source, output)),
    }
  const late = whole ? (script.lateCacheWrite?.tokens ?? 0) : 0
  return {
    input_tokens: cache.input + (whole ? (script.lateInput ?? 0) : 0),
    cache_creation_input_tokens: cache.write5m + cache.write1h + late,
    cache_read_input_tokens: cache.read,
    output_tokens: output,
    ...(whole && extras(source, output)),
  }
}

function extras(source: UsageSource, output: number) {
  const { script } = source
  const told = script.iterations || script.lateCacheWrite?.told
  return {
    ...(source.webSearches > 0 && { server_tool_use: { web_search_requests: source.webSearches } }),
    ...(told && { iterations: iterationsOf(source, output) }),
  }
}

/** The answer's own pass first; the top-level totals are its alone. */
export function iterationsOf(source: UsageSource, output: number) {
  const [own, ...others] = billedParts(source, output, true)
  const types = (source.script.iterations ?? []).map(({ type }) => type)
  const told = (part: BilledPart, type: string) => ({
    type,
    ...(type !== 'compaction' && { model: part.model }),
    input_tokens: part.usage.input,
    output_tokens: part.usage.output,
    cache_read_input_tokens: part.usage.cacheRead,
    cache_creation_input_tokens: part.usage.cacheWrite5m + part.usage.cacheWrite1h,
    cache_creation: {
      ephemeral_5m_input_tokens: part.usage.cacheWrite5m,
      ephemeral_1h_input_tokens: part.usage.cacheWrite1h,
    },
  })
  return [
    ...(own ? [told(own, 'message')] : []),
    ...others.map((part, n) => told(part, types[n] ?? 'message')),
  ]
}
