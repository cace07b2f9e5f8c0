/** What a request to `/v1/messages` asks for, as far as its cost depends on it. Contents are only looked through. */
import { z } from 'zod'
import type { CallTerms, OpaqueInput } from '../../../prices/index.ts'
import type { CallRequest } from '../format.ts'
import { withMember } from '../json-edit.ts'
import { isRecord, lookedThrough, modelSchema, parseBody } from '../parse-body.ts'

/** Only what is read; everything else is the provider's to judge. */
const requestSchema = z.object({
  model: modelSchema,
  max_tokens: z.number().int().min(0),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
  system: z.unknown().optional(),
  cache_control: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
  mcp_servers: z.array(z.unknown()).nullish(),
  container: z.unknown().optional(),
  thread: z.unknown().optional(),
  context_management: z.unknown().optional(),
  output_config: z.unknown().optional(),
  output_format: z.unknown().optional(),
  fallbacks: z.array(z.unknown()).nullish(),
  thinking: z.object({ budget_tokens: z.number().int().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  speed: z.string().nullish(),
  inference_geo: z.string().nullish(),
})
type MessagesRequest = z.infer<typeof requestSchema>

const OPAQUE_BLOCKS: Record<string, OpaqueInput> = {
  image: 'image',
  document: 'document',
  container_upload: 'file',
}
/** Sources whose bytes are the text itself. */
const TEXT_SOURCES = new Set(['text', 'content'])
const INLINE_SOURCES = new Set([...TEXT_SOURCES, 'base64'])
/** Tools that run at the client: their definitions are in the request, whole. */
const CLIENT_TOOLS = /^(custom$|bash_|text_editor_|computer_|memory_|browser_)/
/** What `count_tokens` takes of a request. */
const COUNTED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'mcp_servers'] as const
const COUNTED_BETA = [
  'cache_control',
  'context_management',
  'output_config',
  'output_format',
  'speed',
] as const

interface Content {
  opaque: Set<OpaqueInput>
  imagesByUrl: number
  /** What to do about the first part that the platform's key does not serve. */
  refusal: string | null
  cacheTtl: CallTerms['cacheTtl']
}

function noteCache(found: Content, control: unknown): void {
  if (!isRecord(control)) return
  if (control.ttl === '1h') found.cacheTtl = '1h'
  else if (found.cacheTtl === 'none') found.cacheTtl = '5m'
}

/**
 * What is fetched may be small when it is counted and large when the call is made, so no count bounds it; and files by
 * id are in the one workspace that everybody on the platform's key shares.
 */
function lookAtSource(found: Content, type: unknown, source: unknown): void {
  const opaque = typeof type === 'string' ? OPAQUE_BLOCKS[type] : undefined
  if (source === 'file' || opaque === 'file') found.refusal ??= refusalOf('A file by its id')
  else if (source === 'url') found.refusal ??= refusalOf('A document by its URL')
  else if (source !== undefined && !INLINE_SOURCES.has(String(source)))
    found.refusal ??= refusalOf('Content from a source of this kind')
  if (opaque && !TEXT_SOURCES.has(String(source))) found.opaque.add(opaque)
}

const refusalOf = (what: string): string =>
  `${what} is not available on the platform's key. Send it inside the request (base64), or set a key of your own.`

/** Blocks nest: a tool's result has images, a document has blocks. Deeper than the parser went, it cannot go. */
function look(found: Content, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) look(found, item)
  if (!isRecord(value)) return
  const source = isRecord(value.source) ? value.source : {}
  if (value.type === 'image' && source.type === 'url') found.imagesByUrl++
  else lookAtSource(found, value.type, source.type)
  noteCache(found, value.cache_control)
  look(found, value.content)
  look(found, source.content)
}

function readTools(tools: readonly unknown[]) {
  let webSearchMaxUses: number | null = 0
  const found = { hasAdvisor: false, hasServerTools: false, namedTools: 0 }
  for (const tool of tools) {
    const type = isRecord(tool) && typeof tool.type === 'string' ? tool.type : 'custom'
    const uses = isRecord(tool) && Number.isInteger(tool.max_uses) ? Number(tool.max_uses) : null
    if (type !== 'custom') found.namedTools++
    if (type.startsWith('advisor_')) found.hasAdvisor = true
    if (type.startsWith('web_search_'))
      webSearchMaxUses = uses === null || webSearchMaxUses === null ? null : webSearchMaxUses + uses
    else if (!CLIENT_TOOLS.test(type)) found.hasServerTools = true
  }
  return { ...found, webSearchMaxUses }
}

/** Edits only take away from the prompt; a compaction is a second call, as long as the first. */
function mayCompact(management: unknown): boolean {
  if (!isRecord(management)) return Boolean(management)
  const edits = management.edits ?? []
  const onlyClears = (edit: unknown) => isRecord(edit) && /^clear_/.test(String(edit.type))
  return !Array.isArray(edits) || !edits.every(onlyClears)
}

/** In the request's words; `null`: all of it has a bound. */
function unboundedPart(request: MessagesRequest, hasAdvisor: boolean): string | null {
  if (request.fallbacks?.length) return '`fallbacks`'
  if (hasAdvisor) return 'advisor tools'
  return mayCompact(request.context_management) ? 'compaction' : null
}

function termsOf(request: MessagesRequest, bytes: number) {
  const found: Content = { opaque: new Set(), imagesByUrl: 0, refusal: null, cacheTtl: 'none' }
  look(found, request.system)
  for (const message of request.messages) look(found, message)
  look(found, request.tools)
  noteCache(found, request.cache_control)
  if (request.thread || request.container) found.opaque.add('stored')
  const { hasAdvisor, hasServerTools, ...tools } = readTools(request.tools ?? [])
  const hasRemoteTools = Boolean(request.mcp_servers?.length)
  const hasSchema = Boolean(request.output_config ?? request.output_format)
  const terms: CallTerms = {
    ...{ model: request.model, bytes, opaque: [...found.opaque], countedTokens: null },
    imagesByUrl: found.imagesByUrl,
    ...{ maxTokens: request.max_tokens, choices: 1, cacheTtl: found.cacheTtl, ...tools },
    hasTools: Boolean(request.tools?.length) || hasRemoteTools || hasSchema,
    hasServerTools: hasServerTools || hasRemoteTools,
    tier: request.service_tier ?? null,
    speed: request.speed ?? null,
    region: request.inference_geo ?? null,
  }
  return { terms, hasAdvisor, refusal: found.refusal }
}

/** Throws a ProxyError for what is no request of the Messages API. */
export function readRequest(body: Buffer): CallRequest {
  const { request, json, members } = parseBody(requestSchema, body)
  const { terms, hasAdvisor, refusal } = lookedThrough(() => termsOf(request, body.length))
  const unbounded = unboundedPart(request, hasAdvisor)
  return {
    protocol: 'messages',
    terms,
    leastTokens: Math.min(request.max_tokens, (request.thinking?.budget_tokens ?? 0) + LEAST_TOKENS),
    unbounded: refusal ?? (unbounded && `Requests with ${unbounded} need a key of your own.`),
    sent: body,
    clamped: (maxTokens) => withMember(body, members, 'max_tokens', String(maxTokens)),
    countRequest: () => ({ path: '/v1/messages/count_tokens', body: countBody(json) }),
    answerFilter: () => null,
  }
}

/** Fewer are no answer. */
const LEAST_TOKENS = 16

function countBody(request: unknown): Buffer {
  const taken = isRecord(request)
    ? [...COUNTED, ...COUNTED_BETA]
        .filter((name) => request[name] !== undefined)
        .map((name) => [name, request[name]])
    : []
  return Buffer.from(JSON.stringify(Object.fromEntries(taken)))
}
