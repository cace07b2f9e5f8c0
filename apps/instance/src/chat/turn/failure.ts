/** What went wrong with a call of the model: in plain words, and what can be done about it. */
import { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import * as z from 'zod/mini'
import { isFull } from '../../http/problem.ts'
import type { Failure } from '../log/entry.ts'

const body = z.object({ error: z.object({ type: z.optional(z.string()), message: z.optional(z.string()) }) })

/** For anything that a call of the model rejected with. */
export function failureOf(error: unknown): Failure {
  if (isFull(error)) return { kind: 'disk', words: DISK }
  if (error instanceof APIConnectionError) return { kind: 'unreachable', words: UNREACHABLE }
  if (!(error instanceof APIError))
    return isCut(error) ? { kind: 'lost', words: LOST } : { kind: 'lost', words: ODD }
  const { type, message } = body.safeParse(error.error).data?.error ?? {}
  const said = message?.trim() ?? ''
  switch (type) {
    case 'billing_error':
      return { kind: 'credits', words: said.replace(WHERE_TO_ASK, '').replace(SPENT, '') || CREDITS }
    case 'authentication_error':
      return { kind: 'key', words: `The AI refused my key. ${said}`.trim() }
    case 'permission_error':
    case 'not_found_error':
      return { kind: 'key', words: said || 'This model is not available here. Choose another one.' }
    case 'rate_limit_error':
      return { kind: 'busy', words: said || 'The AI has too much to do for us right now.' }
    case 'overloaded_error':
      return { kind: 'overloaded', words: said && said !== 'Overloaded' ? said : OVERLOADED }
    case 'timeout_error':
      return { kind: 'lost', words: LOST }
    case 'request_too_large':
      return { kind: 'refused', words: 'This conversation is too large to be sent. Begin a new one.' }
    case 'invalid_request_error':
      return { kind: 'refused', words: `The AI did not accept this. ${said}`.trim() }
    default:
      // A stream that broke has no status.
      return error.status === undefined || error.status >= 500
        ? { kind: 'overloaded', words: said || OVERLOADED }
        : { kind: 'refused', words: said || ODD }
  }
}

/** What was sent is longer than the model reads at once. */
export const isTooLong = (error: unknown): boolean =>
  error instanceof APIError &&
  error.status === 400 &&
  /prompt is too long|too many tokens|context/i.test(error.message)

/** The page has buttons for that. */
const WHERE_TO_ASK = / Ask for more, or set a key.*$/

/** To the last digit, for programs: the page shows it beside. */
const SPENT = / \([\d.]+ of [\d.]+ USD spent\)/

const CUT = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT']
const isCut = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if ('code' in error && CUT.includes(String(error.code))) return true
  return /terminated|aborted|socket hang up|stream ended|premature/i.test(error.message) || isCut(error.cause)
}

const UNREACHABLE = 'I can’t reach the AI right now. What you wrote is kept; try again in a moment.'
const LOST = 'The connection to the AI broke in the middle of the answer. What came so far is kept.'
const OVERLOADED = 'The AI’s provider is overloaded or down right now. Try again in a moment.'
const CREDITS = 'Your AI credits are used up.'
const DISK =
  'Your disk is full, so I can’t keep this conversation. Delete something you no longer need, then try again.'
const ODD = 'The AI’s answer made no sense to me. Try again.'
