/** A question to the AI, from the console: one question, one answer, and what it cost. */
import * as z from 'zod/mini'
import { PlainError } from '../files/plain-words.ts'
import { type AiAccess, type ProxyAnswer, sendToProxy } from './request.ts'

/** The least expensive one that answers well. */
const MODEL = 'claude-haiku-4-5'
const MOST_TOKENS = 1_024
const ANSWER_WITHIN_MS = 120_000
const LONGEST_ANSWER = 1_000_000

const answerSchema = z.object({
  content: z.array(z.object({ type: z.string(), text: z.optional(z.string()) })),
  stop_reason: z.nullish(z.string()),
})
const errorSchema = z.object({ error: z.object({ message: z.string() }) })

export type Ask = (question: string) => Promise<string>

const NOT_HERE = 'There is no AI on this computer: the platform gave it no address.'
const UNREACHABLE = 'The AI did not answer. Try again in a moment.'

/** Throws a PlainError with the reason when there is no answer. */
export function createAsk(ai: AiAccess | null): Ask {
  return async (question) => {
    if (!ai) throw new PlainError(NOT_HERE)
    const body = { model: MODEL, max_tokens: MOST_TOKENS, messages: [{ role: 'user', content: question }] }
    const answer = await sendToProxy(ai, '/v1/messages', {
      ...{ body, withinMs: ANSWER_WITHIN_MS, longest: LONGEST_ANSWER },
    }).catch(() => {
      throw new PlainError(UNREACHABLE)
    })
    if (answer.status !== 200) throw new PlainError(reasonOf(answer))
    return [textOf(answer), costOf(answer)].filter(Boolean).join('\n\n')
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function textOf({ text }: ProxyAnswer): string {
  const answer = answerSchema.safeParse(parsed(text))
  if (!answer.success) throw new PlainError(UNREACHABLE)
  const words = answer.data.content.map((block) => block.text ?? '').join('')
  return answer.data.stop_reason === 'max_tokens' ? `${words} …` : words
}

function reasonOf({ text }: ProxyAnswer): string {
  const refusal = errorSchema.safeParse(parsed(text))
  return refusal.success ? refusal.data.error.message : UNREACHABLE
}

/** Another proxy than the platform's says nothing of costs, and a call on one's own key nothing of credits. */
function costOf({ headers }: ProxyAnswer): string {
  const [cost, remaining] = [headers['x-credits-cost-usd'], headers['x-credits-remaining-usd']]
  if (cost === undefined) return ''
  return remaining === undefined ? `($${cost}, on your own key)` : `($${cost}, $${remaining} left)`
}
