/** Calls of every kind, drawn from a seed. */
import fc from 'fast-check'
import { type Asked, FORMATS, type Format, REQUESTS } from './bodies.ts'
import { FAST, FRACTION_MODEL, MODELS, type Model, OPENAI_MODEL } from './prices.ts'

export type Abort = 'at once' | 'at its head' | 'in mid-answer'
type Script = Record<string, unknown>
/** `late`: written to the cache for as long as the request asks. */
type DrawnScript = Script & { late?: { tokens: number; told: boolean } }

export interface PlannedCall {
  n: number
  /** Dated, and no other call's: it leads from the ledger and from the model's truth to this call. */
  modelId: string
  format: Format
  who: 'rich' | 'poor' | 'own'
  /** Which of them; taken modulo. */
  person: number
  script: Script
  path: string
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

const [messages, ...others] = FORMATS

const drawn = fc.record({
  model: fc.constantFrom(...MODELS),
  format: fc.oneof(
    { weight: 5, arbitrary: fc.constant(messages) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  ),
  tellsUsage: fc.boolean(),
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

const two = (n: number) => String(n).padStart(2, '0')
/** 37,200 of them. */
const dateOf = (n: number): string[] => {
  const days = Math.floor(n / 31)
  return [`20${two(Math.floor(days / 12) % 100)}`, two((days % 12) + 1), two((n % 31) + 1)]
}
/** As each provider writes the date of a model. */
const idOf = (format: Format, model: Model, n: number): string =>
  `${format === 'messages' ? model : OPENAI_MODEL}-${dateOf(n).join(format === 'messages' ? '' : '-')}`

/** What the model does in the second format, too. */
const COMMON = [
  'words',
  'megabytes',
  'thinking',
  'tool',
  'refuse',
  'status',
  'errorAfterEvents',
  'cutAfterEvents',
]
const inBothFormats = (script: Script): Script => {
  const kept = Object.entries(script).filter(([name]) => COMMON.includes(name))
  return kept.length > 0 ? Object.fromEntries(kept) : { words: 30 }
}

/** Only what the scripted model and the request agree on; who has little gets calls that its hold bounds. */
function scriptOf({ who, script, model, format, cache, abort, chunkBytes }: Drawn): Script {
  if (who === 'poor') return { words: 4_000 }
  const isFirst = format === 'messages'
  const told: Script = isFirst ? { ...script } : inBothFormats(script)
  if (told.speed && !FAST.includes(model)) delete told.speed
  if (isFirst && script.late) told.lateCacheWrite = { ...script.late, ttl: cache?.ttl ?? '5m' }
  delete told.late
  // The model's cache is by the model that serves: a name that many calls share.
  if (cache && !told.servedModel) told.servedModel = isFirst ? model : OPENAI_MODEL
  if (chunkBytes !== null && !told.megabytes) told.chunkBytes = chunkBytes
  if (abort === 'in mid-answer') told.eventDelayMs = 1
  return told
}

function plan(call: Drawn, n: number): PlannedCall {
  const { model, format, who, cache, promptBytes, tellsUsage, isStream } = call
  const script = scriptOf(call)
  const modelId = idOf(format, model, n)
  const isCounted = call.isCounted && format === 'messages'
  const asked: Asked = {
    ...{ model: modelId, isStream, tellsUsage, hasImage: isCounted },
    maxTokens: who === 'poor' ? 32_000 : script.megabytes ? 400_000 : 4_000,
    text: 'q '.repeat(Math.ceil((who === 'poor' ? 200 : promptBytes) / 2)),
    system: cache && {
      ttl: cache.ttl,
      text: `Rules number ${cache.prefix}. ${'Be kind. '.repeat(600)}`,
    },
    ...{ searches: Boolean(script.webSearches), isFast: Boolean(script.speed) },
  }
  const { path, bodyOf } = REQUESTS[format]
  return {
    ...{ n, modelId, format, who, isCounted, script, path },
    person: call.person,
    body: JSON.stringify(bodyOf(asked)),
    abort: who === 'poor' ? null : call.abort,
    isBeyondBound: Boolean(
      script.iterations ??
        script.lateCacheWrite ??
        script.lateInput ??
        (format === 'messages' && call.script.servedModel),
    ),
  }
}

/** Some end in an error. */
export const plainCalls = (first: number, count: number, formats: readonly Format[]): PlannedCall[] =>
  Array.from({ length: count }, (_, at) => {
    const format = formats[at % formats.length] ?? messages
    const n = first + at
    const modelId = idOf(format, FRACTION_MODEL, n)
    const script = at % 4 === 3 ? { status: 500 } : { words: 60 }
    const { path, bodyOf } = REQUESTS[format]
    const asked: Asked = {
      ...{ model: modelId, maxTokens: 4_000, isStream: true, text: 'Hello', system: null },
      ...{ hasImage: false, searches: false, isFast: false, tellsUsage: false },
    }
    return {
      ...{ n, modelId, format, script, path, body: JSON.stringify(bodyOf(asked)), person: at },
      ...{ who: 'rich', abort: null, isCounted: false, isBeyondBound: false },
    }
  })

export const drawCalls = (seed: number, count: number): PlannedCall[] =>
  fc.sample(drawn, { seed, numRuns: count }).map(plan)

/** Which call an id of `plan` belongs to. */
export const dateIn = (modelId: string): string | undefined =>
  /-(\d{4}-?\d\d-?\d\d)$/.exec(modelId)?.[1]?.replaceAll('-', '')
