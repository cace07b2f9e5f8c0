/** The OpenAI API: `/v1/chat/completions`, `/v1/responses` and what belongs to them. */
import type { Format } from '../format.ts'
import { readChatRequest } from './chat/request.ts'
import { createChatTap, readCompletion } from './chat/usage.ts'
import { refusesAccount, renderError } from './errors.ts'
import { readResponsesRequest } from './responses/request.ts'
import { createResponsesTap, readResponse } from './responses/usage.ts'
import { routeOf } from './routes.ts'

export const openai: Format = {
  provider: 'openai',
  isSpokenIn: ({ authorization }) => authorization !== undefined,
  routeOf,
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  readRequest: (body, path) =>
    path === '/v1/responses' ? readResponsesRequest(body) : readChatRequest(body),
  streamTap: ({ protocol }) => (protocol === 'responses' ? createResponsesTap() : createChatTap()),
  readAnswer: (body, { protocol }) => (protocol === 'responses' ? readResponse(body) : readCompletion(body)),
  refusesAccount,
  readCount: () => null,
  renderError,
}
