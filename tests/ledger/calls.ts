/** Calls of every kind, drawn from a seed. */
import fc from 'fast-check'
import { FAST, MODELS, type Model } from './prices.ts'

export type Abort = 'at once' | 'at its head' | 'in mid-answer'
type Script = Record<string, unknown>
/** `late`: written to the cache for as long as the request asks. */
type DrawnScript = Script & { late?: { tokens: number; told: boolean } }

export interface PlannedCall {
  n: number
  /** Dated, and no other call's: it leads from the ledger and from the model's truth to this call. */
  modelId: string
  model: Model
  who: 'rich' | 'poor' | 'own'
  /** Which of them; taken modulo. */
  person: number
  script: Script
  body: string
  abort: Abort | null
  isCounted: boolean
  /** The model was told to add what no request allows for: the hold is no bound of it. */
  isBeyondBound: boolean
}

const words = fc.record({ words: fc.integer({ min: 0, max: 300 }) })
const status = fc.record({ status: fc.constantFrom(429, 500, 529) })
const late = fc.record({
  tokens: fc.integer({ min: 1, max: 5_000 }),
  told: fc.boolean(),
})
const advisor = fc.record({
  model: fc.constantFrom('claude-haiku-4-5', 'claude-opus-5'),
  input: fc.integer({ min: 0, max: 9_000 }),
  output: fc.integer({ min: 0, max: 900 }),
  cacheRead: fc.integer({ min: 0, max: 900 }),
  cacheWrite1h: fc.integer({ min: 0, max: 900 }),
})
const events = fc.integer({ min: 0, max: 30 })
const scripts: fc.Arbitrary<DrawnScript> = fc.oneof(
  { weight: 8, arbitrary: words },
  { weight: 1, arbitrary: fc.record({ megabytes: fc.constantFrom(0.3, 1) }) },
  { weight: 1, arbitrary: fc.record({ thinking: fc.string({ maxLength: 400 }), words: fc.constant(20) }) },
  { weight: 1, arbitrary: fc.constant({ tool: { name: 'look', input: { at: 'the sky' } } }) },
  { weight: 1, arbitrary: fc.constant({ refuse: true }) },
  { weight: 2, arbitrary: status },
  { weight: 2, arbitrary: fc.record({ words: fc.constant(90), errorAfterEvents: events }) },
  { weight: 2, arbitrary: fc.record({ words: fc.constant(90), cutAfterEvents: events }) },
  {
    weight: 2,
    arbitrary: fc.record({ words: fc.constant(90), repeatUsage: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ words: fc.constant(9), nullTotals: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ late }) },
  { weight: 1, arbitrary: fc.record({ lateInput: fc.integer({ min: 1, max: 9_000 }) }) },
  { weight: 1, arbitrary: fc.record({ iterations: fc.array(advisor, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ webSearches: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ serviceTier: fc.constantFrom('batch', 'priority') }) },
  { weight: 1, arbitrary: fc.record({ inferenceGeo: fc.constantFrom('us', 'global') }) },
  { weight: 1, arbitrary: fc.constant({ speed: 'fast' }) },
  { weight: 1, arbitrary: fc.record({ servedModel: fc.constantFrom(...MODELS) }) },
)

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const drawn = fc.record({
  model: fc.constantFrom(...MODELS),
  who: fc.oneof(
    { weight: 15, arbitrary: fc.constant('rich' as const) },
    { weight: 3, arbitrary: fc.constant('poor' as const) },
    { weight: 2, arbitrary: fc.constant('own' as const) },
  ),
  person: fc.nat(999),
  script: scripts,
  isStream: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  promptBytes: fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 1, max: 6_000 }) },
    { weight: 1, arbitrary: fc.constant(450_000) },
  ),
  cache: fc.option(fc.record({ ttl: fc.constantFrom('5m', '1h'), prefix: fc.nat(7) }), { freq: 2 }),
  isCounted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  abort: seldom(fc.constantFrom<Abort>('at once', 'at its head', 'in mid-answer')),
  chunkBytes: seldom(fc.integer({ min: 40, max: 400 })),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never

const WEB_SEARCH = { type: 'web_search_20250305', name: 'web_search', max_uses: 5 }

const two = (n: number) => String(n).padStart(2, '0')
/** 37,200 of them. */
const dateOf = (n: number) =>
  `20${two(Math.floor(n / 372) % 100)}${two((Math.floor(n / 31) % 12) + 1)}${two((n % 31) + 1)}`

/** Only what the scripted model and the request agree on; who has little gets calls that its hold bounds. */
function scriptOf({ who, script, model, cache, abort, chunkBytes }: Drawn): Script {
  if (who === 'poor') return { words: 4_000 }
  const told: Script = { ...script }
  if (told.speed && !FAST.includes(model)) delete told.speed
  if (script.late) told.lateCacheWrite = { ...script.late, ttl: cache?.ttl ?? '5m' }
  delete told.late
  // The model's cache is by the model that serves: a name that many calls share.
  if (cache && !told.servedModel) told.servedModel = model
  if (chunkBytes !== null && !told.megabytes) told.chunkBytes = chunkBytes
  if (abort === 'in mid-answer') told.eventDelayMs = 1
  return told
}

function plan(call: Drawn, n: number): PlannedCall {
  const { model, who, cache, isCounted, promptBytes } = call
  const script = scriptOf(call)
  const modelId = `${model}-${dateOf(n)}`
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' } }
  const text = { type: 'text', text: 'q '.repeat(Math.ceil((who === 'poor' ? 200 : promptBytes) / 2)) }
  const system = cache && [
    {
      ...{ type: 'text', text: `Rules number ${cache.prefix}. ${'Be kind. '.repeat(600)}` },
      cache_control: { type: 'ephemeral', ttl: cache.ttl },
    },
  ]
  const body = {
    model: modelId,
    max_tokens: who === 'poor' ? 32_000 : script.megabytes ? 400_000 : 4_000,
    stream: call.isStream,
    messages: [{ role: 'user', content: isCounted ? [text, image] : [text] }],
    ...(system && { system }),
    ...(script.webSearches ? { tools: [WEB_SEARCH] } : {}),
    ...(script.speed ? { speed: 'fast' } : {}),
  }
  return {
    ...{ n, modelId, model, who, isCounted, script },
    person: call.person,
    body: JSON.stringify(body),
    abort: who === 'poor' ? null : call.abort,
    isBeyondBound: Boolean(
      script.iterations ?? script.lateCacheWrite ?? script.lateInput ?? call.script.servedModel,
    ),
  }
}

export const drawCalls = (seed: number, count: number): PlannedCall[] =>
  fc.sample(drawn, { seed, numRuns: count }).map(plan)

/** Which call an id of `plan` belongs to. */
export const dateIn = (modelId: string): string | undefined => /-(\d{8})$/.exec(modelId)?.[1]
