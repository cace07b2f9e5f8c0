/**
 * The ledger port: what the AI proxy asks of the books. Beside PostgreSQL the proxy writes them itself; an embedded
 * database belongs to the api's process, which then does it for the proxy. Amounts are nano-USD, times are the database's.
 */
import type { AiProvider, AiUsage, Id, InstanceId, ModelPrice, Plan, UserId } from '@matrixos/shared'

/** `aic_…`: one call, from its hold to its row in the ledger. */
export type CallId = Id<'aic'>

/** Who pays: the platform's key and the person's credits, or the person's own key and nobody's credits. */
export type Payer = 'platform' | 'own'

/** The instance whose token was presented. */
export interface Caller {
  userId: UserId
  instanceId: InstanceId
  handle: string
  plan: Plan
  /** Host that its requests must come from; `null` while it has none. The process runtime tells none apart. */
  host: string | null
  /** Own keys, sealed (see `quota/keys`). */
  ownKeys: Partial<Record<AiProvider, SealedKey>>
}

/** AES-256-GCM; the user's id is additional data. */
export interface SealedKey {
  keyVersion: number
  iv: Uint8Array
  /** With the tag at its end. */
  ciphertext: Uint8Array
}

/** What a plan, or an administrator for one person, allows. */
export interface Allowance {
  credits: bigint
  period: 'once' | 'month'
  callsAtOnce: number
  callsPerMinute: number
}

export interface HoldRequest {
  kind: 'hold'
  id: CallId
  userId: UserId
  instanceId: InstanceId
  provider: AiProvider
  model: string
  payer: Payer
  /** Of the plan; what an administrator set for this person goes before it. */
  allowance: Allowance
  /** Upper bound of the cost; 0 on an own key. */
  amount: bigint
  /** If `amount` does not fit and the person has no other call in flight, any amount from here on is granted instead. */
  least: bigint
  /**
   * `reserved`: holds a slot while the call is still being prepared; released when its proxy dies. `dispatched`: may have
   * reached the provider; charged in full when its proxy dies.
   */
  state: 'reserved' | 'dispatched'
  /** The proxy process that answers for it. */
  proxyId: string
}

/** A reserved call is about to be sent: with its amount, which must fit then. */
export interface DispatchRequest {
  kind: 'dispatch'
  id: CallId
  userId: UserId
  allowance: Allowance
  amount: bigint
  least: bigint
}

export type HoldRefusal =
  /** Another call may finish first; or none is in flight, and what is left pays for no call. */
  | { kind: 'refused'; reason: 'credits'; budget: Budget }
  | { kind: 'refused'; reason: 'slots'; budget: Budget }
  | { kind: 'refused'; reason: 'rate'; retryAfterS: number; budget: Budget }
  /** The hold expired or was never there (dispatch), or its call is over already (a repeated hold). */
  | { kind: 'refused'; reason: 'gone'; budget: Budget }

export type HoldAnswer = { kind: 'granted'; amount: bigint; budget: Budget } | HoldRefusal

/**
 * What a call cost, for the ledger's row. It belongs to the period in which it is written down, whenever it began; what
 * corrects a row later, or takes it back, leaves it there.
 */
export interface SettleRequest {
  kind: 'settle'
  id: CallId
  userId: UserId
  instanceId: InstanceId
  /** Of the plan: thresholds are parts of the limit, and a period that is over ends with the first thing that is written. */
  allowance: Allowance
  provider: AiProvider
  /** As served. */
  model: string
  payer: Payer
  usage: AiUsage
  cost: bigint
  /** `estimated`: the provider's figures never came, and the whole hold is charged. */
  status: 'settled' | 'estimated'
  /** Of the provider's answer; `null`: none came. */
  httpStatus: number | null
  durationMs: number
  /** `null`: not a stream, or it never began. */
  firstTokenMs: number | null
  /** The provider's own id of the request. */
  providerRequestId: string | null
}

/** Nothing was served: the hold goes, no row is written. */
export interface ReleaseRequest {
  kind: 'release'
  id: CallId
  userId: UserId
  allowance: Allowance
}

/** The client is gone: the slot is free, the hold stays until the answer has been read to its end. */
export interface DrainRequest {
  kind: 'drain'
  id: CallId
  userId: UserId
  /** Most drains of one person at once. */
  most: number
}

/** These calls live, and have cost that much so far. One that is not named for a minute counts as its dead proxy's. */
export interface ProgressRequest {
  kind: 'progress'
  proxyId: string
  calls: { id: CallId; costSoFar: bigint }[]
}

/** Every operation may be repeated: a call is held once and charged once. */
export type LedgerOperation =
  | HoldRequest
  | DispatchRequest
  | SettleRequest
  | ReleaseRequest
  | DrainRequest
  | ProgressRequest

export interface Budget {
  /** Credits of the period and what was granted beyond. */
  limit: bigint
  spent: bigint
  /** Set aside for calls in flight. */
  held: bigint
  /** `null`: what is spent does not come back by itself. */
  periodEndsAt: Date | null
}

export type LedgerAnswer<O extends LedgerOperation = LedgerOperation> = O extends
  | HoldRequest
  | DispatchRequest
  ? HoldAnswer
  : O extends SettleRequest
    ? { kind: 'settled'; budget: Budget }
    : O extends DrainRequest
      ? { kind: 'draining' | 'refused' }
      : { kind: 'done' }

export interface Ledger {
  /** All in one transaction; answers keep the order. Rejects when the outcome is unknown: repeat it then. */
  apply: (operations: readonly LedgerOperation[]) => Promise<LedgerAnswer[]>
  /** `null`: no instance has this token (any more). `tokenHash`: SHA-256, base64url. */
  callerOf: (tokenHash: string) => Promise<Caller | null>
  budgetOf: (userId: UserId, allowance: Allowance) => Promise<Budget>
  /** What administrators edited, on top of the package's and the repository's prices. */
  editedPrices: () => Promise<ModelPrice[]>
}
