/** Which request goes where, and errors in the format of whoever asked. */
import { postCountTokens, postMessages } from './anthropic/routes.ts'
import { type Exchange, sendJson } from './exchange.ts'
import { anthropicError, ModelError, openaiError } from './http/errors.ts'
import { getModel, getModels, isAnthropic } from './model-routes.ts'
import { postChatCompletions } from './openai/chat/route.ts'
import { postResponses } from './openai/responses/route.ts'

const POSTS: Record<string, (exchange: Exchange) => Promise<void>> = {
  '/v1/messages': postMessages,
  '/v1/messages/count_tokens': postCountTokens,
  '/v1/chat/completions': postChatCompletions,
  '/v1/responses': postResponses,
}

/** Never rejects: what goes wrong is answered. */
export async function answerExchange(exchange: Exchange, options: { apiKey: string | null }): Promise<void> {
  try {
    await route(exchange, options)
  } catch (error) {
    if (exchange.gone.aborted) return
    if (exchange.response.headersSent) exchange.response.destroy()
    else sendError(exchange, error)
  }
}

async function route(exchange: Exchange, options: { apiKey: string | null }): Promise<void> {
  const { request, response, url } = exchange
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (reads && url.pathname === '/')
    return sendJson(response, 200, { model: 'This is the demonstration model.', formats: Object.keys(POSTS) })
  checkKey(exchange, options.apiKey)
  const post = POSTS[url.pathname]
  if (post && request.method === 'POST') return post(exchange)
  if (reads && url.pathname === '/v1/models') return getModels(exchange)
  const id = /^\/v1\/models\/([^/]+)$/.exec(url.pathname)?.[1]
  if (reads && id) return getModel(exchange, decodeURIComponent(id))
  throw new ModelError('not_found_error', 'Not found')
}

/** Throws ModelError 401. Both formats' headers are taken; `null` accepts any key, but not none. */
function checkKey({ request }: Exchange, expected: string | null): void {
  const header = request.headers['x-api-key']
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const given = typeof header === 'string' && header ? header : bearer
  if (!given) throw new ModelError('authentication_error', 'x-api-key header is required')
  if (expected !== null && given !== expected)
    throw new ModelError('authentication_error', 'invalid x-api-key')
}

function sendError(exchange: Exchange, error: unknown): void {
  const own =
    error instanceof ModelError ? error : new ModelError('api_error', 'The demonstration model has a fault.')
  const { response, requestId, url, request } = exchange
  if (own.retryAfterS !== null) response.setHeader('retry-after', String(own.retryAfterS))
  // A body that was not read to its end would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  const openai =
    /^\/v1\/(chat|responses)/.test(url.pathname) ||
    (url.pathname.startsWith('/v1/models') && !isAnthropic(exchange))
  sendJson(response, own.status, openai ? openaiError(own) : anthropicError(own, requestId))
}
