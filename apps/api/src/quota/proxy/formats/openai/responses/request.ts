/** What a request to `/v1/responses` asks for, as far as its cost depends on it. */
import { z } from 'zod'
import type { CallTerms } from '../../../../prices/index.ts'
import type { CallRequest } from '../../format.ts'
import { isRecord, lookedThrough, modelSchema, parseBody } from '../../parse-body.ts'
import { boundedBytes, type Content, named, noContent, note, refusalOf } from '../content.ts'
import { LEAST_TOKENS, limitSchema, withLimit } from '../limits.ts'
import { lookAtItem } from './items.ts'
import { lookAtTools } from './tools.ts'

/** Only what is read; everything else is the provider's to judge. */
const requestSchema = z.object({
  model: modelSchema,
  input: z.union([z.string(), z.array(z.unknown())]).nullish(),
  max_output_tokens: limitSchema,
  tools: z.array(z.unknown()).nullish(),
  text: z.unknown().optional(),
  reasoning: z.object({ mode: z.string().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  background: z.boolean().nullish(),
  previous_response_id: z.unknown().optional(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
  context_management: z.unknown().optional(),
  multi_agent: z.unknown().optional(),
})
type ResponsesRequest = z.infer<typeof requestSchema>

/** What the provider stored is read again with each call, and nothing here says how long it is. */
const STORED = ['previous_response_id', 'conversation', 'prompt'] as const
/** What lets the provider work on, and read again, by itself. */
const LOOPS = ['context_management', 'multi_agent'] as const

function look(request: ResponsesRequest): { found: Content; namedTools: number } {
  const found = noContent()
  let namedTools = lookAtTools(found, request.tools ?? [])
  if (Array.isArray(request.input)) for (const item of request.input) namedTools += lookAtItem(found, item)
  for (const name of STORED)
    if (request[name]) note(found, `${named(name)}, which stands for an input that only the provider knows,`)
  for (const name of LOOPS) if (request[name]) note(found, named(name))
  const mode = request.reasoning?.mode ?? 'standard'
  if (mode !== 'standard') note(found, `the reasoning mode ${named(mode)}`)
  // Its answer says nothing of what it will have used.
  if (request.background) note(found, '`background`')
  return { found, namedTools }
}

const hasSchema = ({ text }: ResponsesRequest) => isRecord(text) && Boolean(text.format)

/** Throws a ProxyError for what is no request of this protocol. */
export function readResponsesRequest(body: Buffer): CallRequest {
  const { request } = parseBody(requestSchema, body)
  const { found, namedTools } = lookedThrough(() => look(request))
  const { max_output_tokens } = request
  const maxTokens = max_output_tokens ?? null
  const terms: CallTerms = {
    ...{ model: request.model, bytes: boundedBytes(body, found), opaque: [], countedTokens: null },
    imagesByUrl: 0,
    ...{ maxTokens, choices: 1 },
    // The provider writes its cache unasked.
    cacheTtl: '5m',
    hasTools: Boolean(request.tools?.length) || namedTools > 0 || hasSchema(request),
    ...{ namedTools, webSearchMaxUses: 0, hasServerTools: false },
    ...{ tier: request.service_tier ?? null, speed: null, region: null },
  }
  return {
    protocol: 'responses',
    terms,
    leastTokens: Math.min(maxTokens ?? LEAST_TOKENS, LEAST_TOKENS),
    unbounded: refusalOf(found),
    sent: body,
    clamped: (most) => withLimit(body, { max_output_tokens }, 'max_output_tokens', most),
    countRequest: () => null,
    answerFilter: () => null,
  }
}
