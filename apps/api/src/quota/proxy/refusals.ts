/** Why the books refused a call, in words that say what to do. */
import { formatUsd } from '@matrixos/shared'
import type { HoldRefusal } from '../../ports/ledger.ts'
import { ProxyError } from './errors.ts'

const BUSY_S = 2

export interface RefusalContext {
  /** Where people ask for more, or set an own key. */
  creditsUrl: string
  /** The least that the call needs. */
  least: bigint
}

export function refusalOf(refusal: HoldRefusal, { creditsUrl, least }: RefusalContext): ProxyError {
  const { limit, spent, held } = refusal.budget
  if (refusal.reason === 'slots')
    return new ProxyError(
      'rate_limit_error',
      'As many calls as your plan allows are under way. Try again when one has ended.',
      {
        retryAfterS: BUSY_S,
      },
    )
  if (refusal.reason === 'rate')
    return new ProxyError(
      'rate_limit_error',
      'This is more calls a minute than your plan allows. Try again shortly.',
      {
        retryAfterS: Math.max(1, refusal.retryAfterS),
      },
    )
  if (refusal.reason === 'gone')
    return new ProxyError('overloaded_error', 'The call took too long to prepare. Try again.', {
      retryAfterS: 1,
    })
  if (held > 0n && spent + least <= limit)
    return new ProxyError(
      'rate_limit_error',
      'The rest of your AI credits is set aside for calls under way. Try again when they have ended.',
      {
        retryAfterS: BUSY_S,
      },
    )
  const used = `${formatUsd(spent)} of ${formatUsd(limit)} USD`
  const what =
    spent >= limit
      ? 'Your AI credits are used up'
      : 'What is left of your AI credits is not enough for this call'
  return new ProxyError(
    'billing_error',
    `${what} (${used} spent). Ask for more, or set a key of your own, at ${creditsUrl}.`,
  )
}
