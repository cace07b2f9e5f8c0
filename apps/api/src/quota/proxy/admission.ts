/** From a request to its hold: what it costs at most, whether that fits, and what it is cut down to where it does not. */
import type { ModelPrice } from '@matrixos/shared'
import type { Allowance, Budget, Caller, CallId, HoldAnswer, Payer } from '../../ports/ledger.ts'
import { affordableMaxTokens, type Bound, boundOf, type CallTerms, leastOf } from '../prices/index.ts'
import { booksUnavailable, ProxyError } from './errors.ts'
import type { CallRequest, Format } from './formats/format.ts'
import { refusalOf } from './refusals.ts'
import type { Settlements } from './settlements.ts'
import type { Books, Prices } from './types.ts'

export interface AdmissionDeps {
  books: Books
  settlements: Settlements
  prices: Prices
  proxyId: string
  creditsUrl: string
}

export interface Applicant {
  id: CallId
  caller: Caller
  allowance: Allowance
  payer: Payer
  format: Format
  call: CallRequest
  /** What its caller wants it to cost at most; `null`: whatever there is. */
  callLimit: bigint | null
  /** Asks the provider; `null`: it did not say. Throws what the client is to be told. */
  countTokens: () => Promise<number | null>
}

export interface Admitted {
  /** Held. */
  amount: bigint
  budget: Budget
  /** `null`: unknown, which only an own key may be. */
  price: ModelPrice | null
  /** `max_tokens` as sent, where it was lowered. */
  clampedTo: number | null
}

const UNKNOWN_TERMS = {
  tier: 'service tier',
  speed: 'speed',
  region: 'region',
  web_search: 'web search',
} as const

/** Throws a ProxyError. When it does, nothing is held, or will not be in a moment. */
export async function admit(deps: AdmissionDeps, applicant: Applicant): Promise<Admitted> {
  const { call, payer, format, callLimit } = applicant
  const price = deps.prices.find(format.provider, call.terms.model)
  if (payer === 'own') {
    const clampedTo = callLimit === null ? null : withinLimit(price, call, callLimit)
    return { ...(await hold(deps, applicant, 'dispatched', 0n)), price, clampedTo }
  }
  if (!price)
    throw new ProxyError(
      'not_found_error',
      `The model ${call.terms.model} is not available on the platform's key. Use another one, or a key of your own.`,
    )
  if (call.unbounded) throw new ProxyError('invalid_request_error', call.unbounded)
  const bound = checked(boundOf(price, call.terms))
  if (bound.kind === 'bound' && (callLimit === null || bound.amount <= callLimit)) {
    const answer = await ask(deps, applicant, 'dispatched', bound.amount)
    if (answer.kind === 'granted') return { ...answer, price, clampedTo: null }
    const { limit, spent } = answer.budget
    if (answer.reason !== 'credits' || spent >= limit) throw refusal(deps, answer, bound.amount)
  }
  return admitCounted(deps, applicant, price)
}

/** Where bytes say too little, or too much to fit: by the provider's own count, and cut down if need be. */
async function admitCounted(deps: AdmissionDeps, applicant: Applicant, price: ModelPrice): Promise<Admitted> {
  const { id, caller, allowance, call, callLimit } = applicant
  await hold(deps, applicant, 'reserved', 0n)
  try {
    const terms: CallTerms = { ...call.terms, countedTokens: await applicant.countTokens() }
    const bound = checked(boundOf(price, terms))
    const least = leastOf(price, terms, call.leastTokens)
    if (bound.kind !== 'bound' || least === null)
      throw new ProxyError(
        'api_error',
        'The provider could not say how large this request is. Try again shortly.',
      )
    if (callLimit !== null && least > callLimit) throw overLimit()
    const { userId } = caller
    const amount = callLimit !== null && callLimit < bound.amount ? callLimit : bound.amount
    const request = { kind: 'dispatch', id, userId, allowance, amount, least } as const
    const answer = await deps.books.run(request).catch((error: unknown) => {
      throw booksUnavailable(error)
    })
    if (answer.kind !== 'granted') throw refusal(deps, answer, least)
    if (answer.amount >= bound.amount) return { ...answer, price, clampedTo: null }
    return { ...answer, price, clampedTo: affordableMaxTokens(price, terms, answer.amount) }
  } catch (error) {
    release(deps, applicant)
    throw error
  }
}

/** On a key of one's own nothing is held. Without asking the provider: what the bytes bound badly is refused. */
function withinLimit(price: ModelPrice | null, call: CallRequest, callLimit: bigint): number | null {
  const bound = price && !call.unbounded ? boundOf(price, call.terms) : null
  if (!price || bound?.kind !== 'bound') throw overLimit()
  if (bound.amount <= callLimit) return null
  const tokens = affordableMaxTokens(price, call.terms, callLimit)
  if (tokens < call.leastTokens) throw overLimit()
  return tokens
}

const overLimit = () => new ProxyError('billing_error', 'This call may cost more than its caller lets it.')

function release({ settlements }: AdmissionDeps, { id, caller, allowance }: Applicant): void {
  settlements.write({ kind: 'release', id, userId: caller.userId, allowance }).catch(() => undefined)
}

/** Whatever fits is `amount` itself: nothing is cut down yet. */
async function ask(
  deps: AdmissionDeps,
  applicant: Applicant,
  state: 'reserved' | 'dispatched',
  amount: bigint,
) {
  const { id, caller, allowance, payer, format, call } = applicant
  const { userId, instanceId } = caller
  const { provider } = format
  const { model } = call.terms
  const operation = {
    ...({ kind: 'hold', id, userId, instanceId, provider, model, payer, allowance } as const),
    ...{ amount, least: amount, state, proxyId: deps.proxyId },
  }
  try {
    return await deps.books.run(operation)
  } catch (error) {
    // It may have been written all the same.
    release(deps, applicant)
    throw booksUnavailable(error)
  }
}

async function hold(...args: Parameters<typeof ask>): Promise<Extract<HoldAnswer, { kind: 'granted' }>> {
  const answer = await ask(...args)
  if (answer.kind !== 'granted') throw refusal(args[0], answer, 1n)
  return answer
}

const refusal = (
  { creditsUrl }: AdmissionDeps,
  answer: Exclude<HoldAnswer, { kind: 'granted' }>,
  least: bigint,
) => refusalOf(answer, { creditsUrl, least })

function checked(bound: Bound): Extract<Bound, { kind: 'bound' | 'count' }> {
  if (bound.kind === 'unknown')
    throw new ProxyError(
      'invalid_request_error',
      `This ${UNKNOWN_TERMS[bound.term]} is not available on the platform's key. Leave it out, or use a key of your own.`,
    )
  if (bound.kind === 'unlimited')
    throw new ProxyError('invalid_request_error', 'Say how long the answer may be at most (max_tokens).')
  return bound
}
