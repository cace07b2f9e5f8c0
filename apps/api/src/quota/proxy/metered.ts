/** A call that costs something: held, passed on, and settled on what the provider says it used. */
import { z } from 'zod'
import type { Allowance } from '../../ports/ledger.ts'
import { type AdmissionDeps, admit } from './admission.ts'
import { ask } from './ask.ts'
import { ProxyError } from './errors.ts'
import { type Incoming, pathOf, upstreamRequest } from './exchange.ts'
import type { CallRequest } from './formats/format.ts'
import { callLimitOf } from './headers.ts'
import { type JudgeKey, judgeBody } from './key-refusals.ts'
import type { LiveCalls } from './live-calls.ts'
import { createMeter } from './meter.ts'
import { relay } from './relay.ts'
import type { ProxyLimits } from './types.ts'
import { unreachable } from './unreachable.ts'

const COUNT_MS = 15_000

export interface MeteredDeps extends AdmissionDeps {
  judgeKey: JudgeKey
  live: LiveCalls
  limits: ProxyLimits
  /** See `ProxyOptions`. */
  hasCredits: boolean
  monotonic: () => number
  /** `AbortSignal` of the proxy's stop: what is read on then is given up. */
  stopping: AbortSignal
}

/** Throws a ProxyError when there is no answer to pass on. */
export async function serveMetered(
  deps: MeteredDeps,
  incoming: Incoming,
  allowance: Allowance,
): Promise<void> {
  const { id, caller, format, route, body, response } = incoming
  const startedAt = deps.monotonic()
  const call = format.readRequest(body, pathOf(incoming.request))
  const admitted = await admit(deps, {
    ...{ id, caller, allowance, payer: route.payer, format, call },
    callLimit: callLimitOf(incoming.request.headers),
    countTokens: () => countTokens(deps, incoming, call),
  })
  const release = () =>
    void deps.settlements
      .write({ kind: 'release', id, userId: caller.userId, allowance })
      .catch(() => undefined)
  if (response.destroyed) return release()
  const meter = createMeter(deps, { incoming, call, admitted, allowance, startedAt })
  deps.live.add({ id, costSoFar: meter.costSoFar })
  try {
    const sent = admitted.clampedTo === null ? call.sent : call.clamped(admitted.clampedTo)
    const outcome = await relay({
      send: (events) => route.upstream.send(upstreamRequest({ ...incoming, body: sent }), events),
      response,
      onHead: meter.onHead,
      tap: meter.tap,
      onGone: (giveUp) => drainMs(deps, incoming, giveUp),
      stalledMs: deps.limits.stalledMs,
    })
    const settlement = meter.settlement(outcome)
    if (settlement) void deps.settlements.write(settlement).catch(() => undefined)
    else release()
    if (outcome.kind === 'instead') throw outcome.error
    const isUnanswered = !response.headersSent && !outcome.isClientGone
    if (outcome.kind === 'failed' && isUnanswered) throw unreachable(outcome.cause)
  } finally {
    deps.live.delete(id)
  }
}

/**
 * How long the answer is read on without its client: so that what it cost is known, and not guessed. That time passes
 * while the books are away, too: a provider's connection is not held open for them.
 */
function drainMs(deps: MeteredDeps, { id, caller, route }: Incoming, giveUp: () => void): number {
  const { settlements, limits, stopping } = deps
  // A person's own key: nobody here pays, and what they stopped should stop.
  if (route.payer === 'own' || stopping.aborted) return 0
  const { userId } = caller
  const drain = { kind: 'drain', id, userId, most: limits.drainsAtOnce } as const
  void settlements.write(drain).then(({ kind }) => {
    if (kind === 'refused') giveUp()
  }, giveUp)
  return limits.drainMs
}

async function countTokens(deps: MeteredDeps, incoming: Incoming, call: CallRequest): Promise<number | null> {
  const { caller, format, route } = incoming
  const question = call.countRequest()
  if (!question) return null
  const { headers } = upstreamRequest(incoming)
  const query = /\?.*$/.exec(incoming.request.url ?? '')?.[0] ?? ''
  const request = { method: 'POST', path: `${question.path}${query}`, headers, body: question.body }
  const answer = await ask(route.upstream, request, COUNT_MS).catch((error: Error) => {
    throw unreachable(error)
  })
  const { status } = answer
  const answered = { status, payer: route.payer, provider: format.provider, userId: caller.userId }
  const refused = judgeBody(deps.judgeKey, answered, format, answer.body)
  if (refused) throw refused
  if (status === 429 || status >= 500) return null
  if (status >= 400) throw new ProxyError('invalid_request_error', messageOf(answer.body))
  return format.readCount(answer.body)
}

const errorSchema = z.object({ error: z.object({ message: z.string() }) })

/** What the provider says is wrong with the request. */
function messageOf(body: Buffer): string {
  try {
    return errorSchema.parse(JSON.parse(body.toString('utf8'))).error.message
  } catch {
    return 'The provider refused this request.'
  }
}
