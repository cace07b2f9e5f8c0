/** A provider that refuses the key: the platform's is the operator's trouble, a person's own is theirs. */
import type { AiProvider, UserId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { Payer } from '../../ports/ledger.ts'
import { ProxyError } from './errors.ts'
import type { Format } from './formats/format.ts'
import type { HeadPlan } from './relay.ts'
import type { AnswerHeaders } from './upstream.ts'

const EVERY_MS = 60_000
/** Longer ones are no word about a key. */
const ERROR_BYTES = 65_536
const PAYMENT_REQUIRED = 402

export interface KeyRefusalsOptions {
  log: Log
  monotonic: () => number
  /** A person's own key was refused. */
  onOwnKeyRefused: (userId: UserId, provider: AiProvider) => Promise<void>
}

export interface Answered {
  status: number
  payer: Payer
  provider: AiProvider
  userId: UserId
}

/** What the client gets instead of the provider's answer; `null`: the answer itself. */
export type JudgeKey = (answered: Answered) => ProxyError | null

/** 402: the operator's account is empty, which is no word about the caller's credits. */
const REFUSED = new Set([401, 402, 403])

export function createKeyJudge({ log, monotonic, onOwnKeyRefused }: KeyRefusalsOptions): JudgeKey {
  let loggedAt = Number.NEGATIVE_INFINITY
  return ({ status, payer, provider, userId }) => {
    if (!REFUSED.has(status)) return null
    if (payer === 'own') {
      if (status === 401)
        onOwnKeyRefused(userId, provider).catch((error: unknown) =>
          log.warn({ err: error }, 'could not note that an own key was refused'),
        )
      return null
    }
    if (monotonic() - loggedAt >= EVERY_MS) {
      loggedAt = monotonic()
      log.error(
        { provider, status },
        "THE PROVIDER REFUSES THE PLATFORM'S KEY: nobody's AI works until it is replaced",
      )
    }
    return new ProxyError(
      'api_error',
      "The platform's AI key was refused by the provider. The operator has been told; a key of your own works meanwhile.",
      { retryAfterS: 60 },
    )
  }
}

/** The same of an answer whose body is known: an empty account is told there. */
export const judgeBody = (judge: JudgeKey, answered: Answered, format: Format, body: Buffer) =>
  answered.payer === 'platform' && format.refusesAccount(answered.status, body)
    ? judge({ ...answered, status: PAYMENT_REQUIRED })
    : judge(answered)

/** How an error of the provider is passed on that its status alone leaves to the client. */
export const errorPlan = (
  judge: JudgeKey,
  answered: Answered,
  format: Format,
  headers: AnswerHeaders,
): HeadPlan =>
  answered.payer === 'own'
    ? { kind: 'stream', headers }
    : {
        ...{ kind: 'whole', headers, mostBytes: ERROR_BYTES, headersOf: () => ({}) },
        insteadOf: (body) => judgeBody(judge, answered, format, body),
      }
