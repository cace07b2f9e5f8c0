/** The route of the chat protocol. */
import { checkModel } from '../../answer/models.ts'
import { type Exchange, scriptFor, sendEvents, sendWhole } from '../../exchange.ts'
import { readJson } from '../../http/body.ts'
import { ModelError, openaiError, parseRequest } from '../../http/errors.ts'
import { frameOf } from '../../stream/step.ts'
import { createCompletion } from '../completion.ts'
import { chatChunks } from './chunks.ts'
import { chatSchema, firstTexts, promptOf } from './request.ts'
import { wholeCompletion } from './whole.ts'

export async function postChatCompletions(exchange: Exchange): Promise<void> {
  const request = parseRequest(chatSchema, await readJson(exchange.request))
  checkModel(request.model)
  const script = await scriptFor(exchange, firstTexts(request))
  const completion = createCompletion(exchange, {
    prompt: promptOf(request),
    script,
    requestedModel: request.model,
    idPrefix: 'chatcmpl',
  })
  const truth = exchange.truth.open({
    requestId: exchange.requestId,
    path: exchange.url.pathname,
    requestedModel: request.model,
    streamed: request.stream === true,
  })
  const includeUsage = request.stream_options?.include_usage === true
  if (request.stream)
    return sendEvents(exchange, {
      truth,
      script,
      steps: chatChunks(completion, { includeUsage }),
      errorFrame: () =>
        frameOf({ event: null, data: openaiError(new ModelError('api_error', 'Overloaded')) }),
    })
  const used = completion.billed(completion.outputTokens)
  sendWhole(exchange, truth, { body: wholeCompletion(completion), used })
}
