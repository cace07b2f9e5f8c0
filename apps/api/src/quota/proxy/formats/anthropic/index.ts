/** The Messages API: `/v1/messages` and what belongs to it. */
import { z } from 'zod'
import type { Format } from '../format.ts'
import { renderError } from './errors.ts'
import { readRequest } from './read-request.ts'
import { routeOf } from './routes.ts'
import { nothingYet, overwrite, readingOf, usageSchema } from './usage.ts'
import { createUsageTap } from './usage-tap.ts'

const answerSchema = z.object({ model: z.string().nullish(), usage: usageSchema })
const countSchema = z.object({ input_tokens: z.number().int().min(0) })

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

export const anthropic: Format = {
  provider: 'anthropic',
  routeOf,
  credentials: (key) => ({ 'x-api-key': key }),
  readRequest,
  streamTap: ({ terms }) => createUsageTap(terms.cacheTtl),
  readAnswer(body, { terms }) {
    const figured = nothingYet()
    const answer = answerSchema.safeParse(parseJson(body))
    if (!answer.success) return readingOf(figured, 'none', terms.cacheTtl)
    figured.model = answer.data.model ?? null
    overwrite(figured, answer.data.usage)
    return readingOf(figured, 'final', terms.cacheTtl)
  },
  readCount: (body) => countSchema.safeParse(parseJson(body)).data?.input_tokens ?? null,
  renderError,
}
