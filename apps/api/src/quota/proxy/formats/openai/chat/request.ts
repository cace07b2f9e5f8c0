/** What a request to `/v1/chat/completions` asks for, as far as its cost depends on it. */
import { z } from 'zod'
import type { CallTerms } from '../../../../prices/index.ts'
import type { CallRequest } from '../../format.ts'
import { isRecord, lookedThrough, modelSchema, parseBody } from '../../parse-body.ts'
import { boundedBytes, type Content, lookAtContent, named, noContent, note, refusalOf } from '../content.ts'
import { highestLimit, LEAST_TOKENS, limitSchema, withLimit } from '../limits.ts'
import { createUsageHider } from './hide-usage.ts'
import { asksForUsage, withUsage } from './include-usage.ts'

/** Only what is read; everything else is the provider's to judge. */
const requestSchema = z.object({
  model: modelSchema,
  messages: z.array(z.unknown()),
  max_tokens: limitSchema,
  max_completion_tokens: limitSchema,
  n: z.number().int().min(1).max(128).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.record(z.string(), z.unknown()).nullish(),
  tools: z.array(z.unknown()).nullish(),
  functions: z.array(z.unknown()).nullish(),
  response_format: z.unknown().optional(),
  modalities: z.array(z.unknown()).nullish(),
  audio: z.unknown().optional(),
  prediction: z.unknown().optional(),
  web_search_options: z.unknown().optional(),
  service_tier: z.string().nullish(),
})
type ChatRequest = z.infer<typeof requestSchema>

/** Tools that run at the client. */
const TOOLS = new Set(['function', 'custom'])

function lookAtMessage(found: Content, message: unknown): void {
  if (!isRecord(message)) return
  lookAtContent(found, message.content)
  if (message.audio) note(found, 'audio')
}

function look(request: ChatRequest): Content {
  const found = noContent()
  for (const message of request.messages) lookAtMessage(found, message)
  for (const tool of request.tools ?? []) {
    const type = isRecord(tool) ? String(tool.type) : ''
    if (!TOOLS.has(type)) note(found, `a tool of the type ${named(type)}`)
  }
  if (request.audio || request.modalities?.some((kind) => kind !== 'text')) note(found, 'audio')
  // What it foresees wrongly is charged as output.
  if (request.prediction) note(found, '`prediction`')
  if (request.web_search_options) note(found, '`web_search_options`')
  return found
}

/** Throws a ProxyError for what is no request of this protocol. */
export function readChatRequest(body: Buffer): CallRequest {
  const { request, members } = parseBody(requestSchema, body)
  const found = lookedThrough(() => look(request))
  const { max_tokens, max_completion_tokens } = request
  const limits = { max_tokens, max_completion_tokens }
  const maxTokens = highestLimit(Object.values(limits))
  const hasTools = [request.tools, request.functions].some((tools) => tools?.length)
  const terms: CallTerms = {
    ...{ model: request.model, bytes: boundedBytes(body, found), opaque: [], countedTokens: null },
    imagesByUrl: 0,
    ...{ maxTokens, choices: request.n ?? 1 },
    // The provider writes its cache unasked.
    cacheTtl: '5m',
    hasTools: hasTools || Boolean(request.response_format),
    ...{ namedTools: 0, webSearchMaxUses: 0, hasServerTools: false },
    ...{ tier: request.service_tier ?? null, speed: null, region: null },
  }
  const isHidden = request.stream === true && !asksForUsage(request)
  const sent = isHidden ? withUsage(body, members) : body
  return {
    protocol: 'chat-completions',
    terms,
    leastTokens: Math.min(maxTokens ?? LEAST_TOKENS, LEAST_TOKENS),
    unbounded: refusalOf(found),
    sent,
    clamped: (most) => withLimit(sent, limits, 'max_completion_tokens', most),
    countRequest: () => null,
    answerFilter: () => (isHidden ? createUsageHider() : null),
  }
}
