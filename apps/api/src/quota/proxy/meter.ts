/** What one answer comes to, from its headers to its end. */
import type { Allowance, Budget, SettleRequest } from '../../ports/ledger.ts'
import type { Admitted } from './admission.ts'
import { costOf, hasUsage, usageOf } from './cost.ts'
import { callHeaders, costHeaders } from './credit-headers.ts'
import type { Incoming } from './exchange.ts'
import type { CallRequest, Reading, UsageTap } from './formats/format.ts'
import { modelSchema } from './formats/parse-body.ts'
import { requestIdOf, returnedHeaders } from './headers.ts'
import { errorPlan, type JudgeKey } from './key-refusals.ts'
import type { Head, HeadPlan, Outcome } from './relay.ts'
import type { Prices } from './types.ts'

/** Of an answer that is no stream: shorter ones say what they cost in their headers, longer ones go as they come. */
const WHOLE_BYTES = 262_144
/** Longer ones have no usage that could be read, and are estimated. */
const READ_BYTES = 32 * 1_048_576

const atLeast = (amount: bigint, least: bigint): bigint => (amount > least ? amount : least)

const isSuccess = ({ status }: Head) => status >= 200 && status < 300
const isStream = ({ headers }: Head) => String(headers['content-type']).startsWith('text/event-stream')

export interface MeterDeps {
  judgeKey: JudgeKey
  prices: Prices
  hasCredits: boolean
  monotonic: () => number
}

export interface MeteredCall {
  incoming: Incoming
  call: CallRequest
  admitted: Admitted
  allowance: Allowance
  /** Of the monotonic clock. */
  startedAt: number
}

/** Follows one answer, and says what it comes to. */
export function createMeter(deps: MeterDeps, metered: MeteredCall) {
  const { incoming, call, admitted, allowance, startedAt } = metered
  const { id, caller, format, route } = incoming
  const { payer } = route
  const { provider } = format
  let tap: UsageTap | null = null
  let chunks: Buffer[] | null = null
  let size = 0
  let firstTokenMs: number | null = null
  const charged = (cost: bigint) => (payer === 'platform' ? cost : 0n)
  const budget: Budget | null = payer === 'platform' && deps.hasCredits ? admitted.budget : null
  const costOfReading = (reading: Reading) => costOf(reading, admitted.price, provider, deps.prices)
  const read = (): Reading =>
    tap ? tap.read() : format.readAnswer(chunks ? Buffer.concat(chunks) : Buffer.alloc(0), call)

  /** Of an answer that has come to its end; nothing where that is not known. */
  const costOfAll = (reading: Reading): Record<string, string> => {
    // A demonstration's answers cost nobody anything.
    if (reading.state !== 'final' || (payer === 'platform' && !budget)) return {}
    return costHeaders(costOfReading(reading), budget && { budget, held: admitted.amount })
  }

  /** To be shown only: between its first and last figures a provider says nothing, and the hold is the most it can be. */
  const costSoFar = (open: UsageTap): bigint => {
    const reading = open.read()
    const known = costOfReading(reading)
    const [own, ...others] = reading.shares
    const output = open.guessedOutput?.() ?? 0
    if (reading.state !== 'begun' || !own || output <= own.usage.output) return known
    const guessed = { ...own, usage: { ...own.usage, output } }
    const cost = costOfReading({ ...reading, shares: [guessed, ...others] })
    return cost < admitted.amount ? cost : atLeast(known, admitted.amount)
  }

  return {
    costSoFar: () => (tap ? charged(costSoFar(tap)) : 0n),
    onHead(head: Head): HeadPlan {
      const { status } = head
      const answered = { status, payer, provider, userId: caller.userId }
      const error = deps.judgeKey(answered)
      if (error) return { kind: 'instead', error }
      const headers = {
        ...returnedHeaders(head.headers, payer),
        ...callHeaders(id, budget, admitted.clampedTo),
      }
      if (!isSuccess(head)) return errorPlan(deps.judgeKey, answered, format, headers)
      if (isStream(head)) {
        tap = format.streamTap(call)
        const filter = call.answerFilter()
        // With a filter, fewer bytes pass than were announced.
        return {
          kind: 'stream',
          headers: filter ? { ...headers, 'content-length': undefined } : headers,
          filter,
          trailersOf: () => costOfAll(read()),
        }
      }
      chunks = []
      const headersOf = (body: Buffer) => costOfAll(format.readAnswer(body, call))
      return { kind: 'whole', headers, mostBytes: WHOLE_BYTES, headersOf }
    },
    tap(chunk: Buffer): void {
      if (tap) {
        firstTokenMs ??= Math.round(deps.monotonic() - startedAt)
        tap.write(chunk)
        return
      }
      size += chunk.length
      if (size > READ_BYTES) chunks = null
      chunks?.push(chunk)
    },
    /** `null`: nothing was served. */
    settlement(outcome: Outcome): SettleRequest | null {
      const { head } = outcome
      if (outcome.kind === 'instead') return null
      if (head && !isSuccess(head)) return null
      if (outcome.kind === 'failed' && !head && !outcome.wasSent) return null
      const reading = head ? read() : null
      if (reading?.state === 'failed' && !hasUsage(reading)) return null
      const isKnown = reading?.state === 'final' || reading?.state === 'failed'
      const known = reading ? costOfReading(reading) : 0n
      return {
        ...{ kind: 'settle', id, userId: caller.userId, instanceId: caller.instanceId },
        ...{ allowance, provider, payer },
        model: modelSchema.safeParse(reading?.model).data ?? call.terms.model,
        usage: usageOf(reading ?? { shares: [] }),
        cost: isKnown || known > admitted.amount ? known : admitted.amount,
        status: isKnown ? 'settled' : 'estimated',
        httpStatus: head?.status ?? null,
        durationMs: Math.round(deps.monotonic() - startedAt),
        firstTokenMs,
        providerRequestId: head ? requestIdOf(head.headers) : null,
      }
    },
  }
}
