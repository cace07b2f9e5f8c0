/** What its owner's AI credits are like, as the platform's proxy says; asked when a page wants to know, and at most once a minute. */
import * as z from 'zod/mini'
import type { CreditsNotice } from '../protocol.ts'
import { type AiAccess, sendToProxy } from './request.ts'

/** The platform's own tokens: a provider, or another proxy, knows nothing of credits. */
const PLATFORM_TOKEN = /^mosai_/
const KEPT_MS = 60_000
const ANSWER_WITHIN_MS = 3_000
const LONGEST_ANSWER = 10_000

/** Of `GET /budget`, what is shown here. */
const budgetSchema = z.object({ alert: z.nullable(z.literal([80, 100])) })

const NOTHING: CreditsNotice = { alert: null }

/** Never rejects: where nothing is known, nothing is said. `now`: milliseconds. */
export function createCredits(ai: AiAccess | null, now: () => number): () => Promise<CreditsNotice> {
  if (!ai || !PLATFORM_TOKEN.test(ai.token)) return async () => NOTHING
  let askedAt = Number.NEGATIVE_INFINITY
  let answer: Promise<CreditsNotice> = Promise.resolve(NOTHING)
  return () => {
    if (now() - askedAt < KEPT_MS) return answer
    askedAt = now()
    const before = answer
    // What was true a minute ago is likelier than nothing.
    answer = ask(ai).catch(() => before)
    return answer
  }
}

async function ask(ai: AiAccess): Promise<CreditsNotice> {
  const { status, text } = await sendToProxy(ai, '/budget', {
    withinMs: ANSWER_WITHIN_MS,
    longest: LONGEST_ANSWER,
  })
  if (status !== 200) throw new Error(`status ${status}`)
  const { alert } = budgetSchema.parse(JSON.parse(text))
  return { alert }
}
