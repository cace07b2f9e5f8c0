/** What a provider of the OpenAI API streams, and how a client asks for it. */
import { TOKEN } from './test-proxy.ts'

export const CHAT = '/v1/chat/completions'
export const RESPONSES = '/v1/responses'
export const CHAT_BODY = {
  ...{ model: 'gpt-test-1', max_completion_tokens: 100 },
  messages: [{ role: 'user', content: 'Hi' }],
}
export const RESPONSES_BODY = { model: 'gpt-test-1', max_output_tokens: 100, input: 'Hi' }

const chunkOf = (choices: object[], usage: object | null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-test-1', choices, usage })}\n\n`
export const chunk = (content: string) => chunkOf([{ index: 0, delta: { content } }], null)
export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
export const usageChunk = (usage: object = USAGE) => chunkOf([], usage)
export const DONE = 'data: [DONE]\n\n'
export const chatError = 'data: {"error":{"message":"Overloaded","type":"server_error"}}\n\n'

export const typed = (type: string, data: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
export const response = (status: string, usage: object | null, output: object[] = []) => ({
  response: { model: 'gpt-test-1', status, usage, output, service_tier: 'default' },
})
export const created = () => typed('response.created', response('in_progress', null))
export const textDelta = (delta: string) => typed('response.output_text.delta', { delta })
export const RESPONSE_USAGE = { input_tokens: 100, output_tokens: 20, total_tokens: 120 }
export const completed = (usage: object | null = RESPONSE_USAGE) =>
  typed('response.completed', response('completed', usage))

export const ask = (url: string, path: string, body: unknown, init: RequestInit = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers },
  })
