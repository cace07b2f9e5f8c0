/** The Messages API: `/v1/messages` and what belongs to it. */
import { z } from 'zod'
import type { Format } from '../format.ts'
import { parseJson } from '../parse-body.ts'
import { renderError } from './errors.ts'
import { readRequest } from './read-request.ts'
import { routeOf } from './routes.ts'
import { nothingYet, overwrite, readingOf, usageSchema } from './usage.ts'
import { createUsageTap } from './usage-tap.ts'

const answerSchema = z.object({ model: z.string().nullish(), usage: usageSchema })
const countSchema = z.object({ input_tokens: z.number().int().min(0) })

const errorSchema = z.object({ error: z.object({ message: z.string() }) })
const errorMessageOf = (body: Buffer): string =>
  errorSchema.safeParse(parseJson(body)).data?.error.message ?? ''

export const anthropic: Format = {
  provider: 'anthropic',
  // Its clients name the version, however they send their key.
  isSpokenIn: (headers) => 'anthropic-version' in headers || 'x-api-key' in headers,
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
  // It has no type of its own.
  refusesAccount: (status, body) =>
    status === 400 && /^your credit balance is too low/i.test(errorMessageOf(body)),
  readCount: (body) => countSchema.safeParse(parseJson(body)).data?.input_tokens ?? null,
  renderError,
}
