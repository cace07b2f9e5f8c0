/** The route of the responses protocol. */
import { checkModel } from '../../answer/models.ts'
import { type Exchange, scriptFor, sendEvents, sendWhole } from '../../exchange.ts'
import { readJson } from '../../http/body.ts'
import { parseRequest } from '../../http/errors.ts'
import { frameOf } from '../../stream/step.ts'
import { createCompletion } from '../completion.ts'
import { responseEvents } from './events.ts'
import { firstTexts, promptOf, responsesSchema } from './request.ts'
import { wholeResponse } from './whole.ts'

export async function postResponses(exchange: Exchange): Promise<void> {
  const request = parseRequest(responsesSchema, await readJson(exchange.request))
  checkModel(request.model)
  const script = await scriptFor(exchange, firstTexts(request))
  const completion = createCompletion(exchange, {
    prompt: promptOf(request),
    script,
    requestedModel: request.model,
    idPrefix: 'resp',
  })
  const truth = exchange.truth.open({
    requestId: exchange.requestId,
    path: exchange.url.pathname,
    requestedModel: request.model,
    streamed: request.stream === true,
  })
  if (request.stream)
    return sendEvents(exchange, { truth, script, steps: responseEvents(completion), errorFrame })
  const used = completion.billed(completion.outputTokens)
  sendWhole(exchange, truth, { body: wholeResponse(completion), used })
}

function errorFrame(): string {
  const data = { type: 'error', code: 'server_error', message: 'Overloaded', param: null, sequence_number: 0 }
  return frameOf({ event: 'error', data })
}
