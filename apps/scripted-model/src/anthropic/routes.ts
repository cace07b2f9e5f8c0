/** The routes of the Messages protocol. */
import { answerTo } from '../answer/answer.ts'
import { checkModel } from '../answer/models.ts'
import { inputTokens } from '../answer/prompt.ts'
import { type Exchange, scriptFor, sendEvents, sendJson, sendWhole } from '../exchange.ts'
import { readJson } from '../http/body.ts'
import { anthropicError, ERROR_STATUS, errorTypeOf, ModelError, parseRequest } from '../http/errors.ts'
import { frameOf } from '../stream/step.ts'
import { type EventSource, messageEvents } from './events.ts'
import { wholeMessage } from './message.ts'
import { firstTexts, promptBlocks, promptOf } from './prompt.ts'
import { countSchema, messagesSchema } from './request.ts'

export async function postMessages(exchange: Exchange): Promise<void> {
  checkVersion(exchange)
  const request = parseRequest(messagesSchema, await readJson(exchange.request))
  checkModel(request.model)
  const script = await scriptFor(exchange, firstTexts(request))
  const prompt = promptOf(request)
  const model = script.servedModel ?? request.model
  const answer = answerTo(prompt, script, exchange.keysOf)
  const source: EventSource = {
    id: exchange.newId('msg'),
    newId: exchange.newId,
    answer,
    usage: {
      model,
      script,
      cache: exchange.cache.use(model, prompt.blocks, exchange.now()),
      webSearches: answer.pieces.filter(({ kind }) => kind === 'search').length,
    },
  }
  const truth = exchange.truth.open({
    requestId: exchange.requestId,
    path: exchange.url.pathname,
    requestedModel: request.model,
    streamed: request.stream === true,
  })
  if (request.stream)
    return sendEvents(exchange, {
      truth,
      script,
      steps: messageEvents(source),
      errorFrame: () => errorFrame(exchange, script.errorType),
    })
  const { message, used } = wholeMessage(source)
  sendWhole(exchange, truth, { body: message, used })
}

function errorFrame(exchange: Exchange, type = errorTypeOf(ERROR_STATUS.overloaded_error)): string {
  const message = type === 'overloaded_error' ? 'Overloaded' : 'This error was asked for.'
  return frameOf({ event: 'error', data: anthropicError({ type, message }, exchange.requestId) })
}

export async function postCountTokens(exchange: Exchange): Promise<void> {
  checkVersion(exchange)
  const request = parseRequest(countSchema, await readJson(exchange.request))
  checkModel(request.model)
  await scriptFor(exchange, firstTexts(request))
  sendJson(exchange.response, 200, { input_tokens: inputTokens({ blocks: promptBlocks(request) }) })
}

/** Throws ModelError 400 without the header that every client of the protocol sends. */
function checkVersion({ request }: Exchange): void {
  if (!request.headers['anthropic-version'])
    throw new ModelError('invalid_request_error', 'anthropic-version: header is required')
}
