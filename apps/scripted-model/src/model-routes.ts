/** Which models there are, in the form of either format: clients of the Messages protocol name its version. */
import { checkModel, MODELS } from './answer/models.ts'
import { type Exchange, sendJson } from './exchange.ts'

const CONTEXT_TOKENS = 200_000
const OUTPUT_TOKENS = 64_000

export function getModels(exchange: Exchange): void {
  const limit = Number(exchange.url.searchParams.get('limit')) || 20
  const models = MODELS.slice(0, limit)
  const body = isAnthropic(exchange)
    ? {
        data: models.map(anthropicModel),
        has_more: models.length < MODELS.length,
        first_id: models[0]?.id ?? null,
        last_id: models.at(-1)?.id ?? null,
      }
    : { object: 'list', data: MODELS.map(openaiModel) }
  sendJson(exchange.response, 200, body)
}

/** Throws ModelError 404. */
export function getModel(exchange: Exchange, id: string): void {
  checkModel(id)
  const model = MODELS.find((own) => own.id === id) ?? { ...MODELS[0], id }
  sendJson(exchange.response, 200, isAnthropic(exchange) ? anthropicModel(model) : openaiModel(model))
}

export const isAnthropic = ({ request }: Pick<Exchange, 'request'>) => 'anthropic-version' in request.headers

interface Model {
  id: string
  name: string
  created: string
}

const anthropicModel = ({ id, name, created }: Model) => ({
  type: 'model',
  id,
  display_name: name,
  created_at: created,
  max_input_tokens: CONTEXT_TOKENS,
  max_tokens: OUTPUT_TOKENS,
})

const openaiModel = ({ id, created }: Model) => ({
  id,
  object: 'model',
  created: Date.parse(created) / 1000,
  owned_by: 'demonstration',
})
