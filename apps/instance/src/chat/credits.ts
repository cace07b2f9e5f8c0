/** What is left of the owner's AI credits, for the page of the chat. */
import { budgetAnswerSchema } from '@matrixos/shared'
import { type AiAccess, sendToProxy } from '../ai/request.ts'
import type { Credits } from './protocol.ts'

const PLATFORM_TOKEN = /^mosai_/
const ANSWER_WITHIN_MS = 4_000
const LONGEST_ANSWER = 10_000

/** `null`: nobody says, as where one's own key pays for everything. Never rejects. */
export async function readCredits(ai: AiAccess | null): Promise<Credits | null> {
  if (!ai || !PLATFORM_TOKEN.test(ai.token)) return null
  try {
    const { status, text } = await sendToProxy(ai, '/budget', {
      withinMs: ANSWER_WITHIN_MS,
      longest: LONGEST_ANSWER,
    })
    if (status !== 200) return null
    const {
      limit_usd: limit,
      spent_usd: spent,
      remaining_usd: left,
    } = budgetAnswerSchema.parse(JSON.parse(text))
    const share = Number(limit) > 0 ? Number(spent) / Number(limit) : 1
    return { limit, spent, left, used: Math.min(1, Math.max(0, share)) }
  } catch {
    return null
  }
}
