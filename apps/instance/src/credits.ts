/** What its owner's AI credits are like, as the platform's proxy says; asked when a page wants to know, and at most once a minute. */
import * as z from 'zod/mini'
import type { CreditsNotice } from './protocol.ts'

export interface AiAccess {
  /** `ANTHROPIC_BASE_URL` */
  url: string
  /** `ANTHROPIC_API_KEY` */
  token: string
}

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

async function ask({ url, token }: AiAccess): Promise<CreditsNotice> {
  const text = await read(`${url.replace(/\/+$/, '')}/budget`, token)
  const { alert } = budgetSchema.parse(JSON.parse(text))
  return { alert }
}

/** Not with `fetch`: loading that takes more memory than all the rest of this computer. */
async function read(url: string, token: string): Promise<string> {
  const { request: send } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  const options = { headers: { 'x-api-key': token }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }
  return new Promise((resolve, reject) => {
    const asked = send(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > LONGEST_ANSWER) asked.destroy(new Error('The answer is too long.'))
      })
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`status ${response.statusCode}`)),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}
