/** People with an instance and a token, and the operations of their calls. */
import { type InstanceId, NO_USAGE, newId, type UserId } from '@matrixos/shared'
import { systemClock } from '../../../clock.ts'
import type { Database } from '../../../db/database.ts'
import { aiTokens, handles, instances, users } from '../../../db/schema/index.ts'
import { sha256 } from '../../../keys.ts'
import type {
  Allowance,
  CallId,
  DispatchRequest,
  DrainRequest,
  HoldRequest,
  ProgressRequest,
  ReleaseRequest,
  SettleRequest,
} from '../../../ports/ledger.ts'

/** 1,000 nano-dollars once, 5 calls at once. */
export const ALLOWANCE: Allowance = {
  credits: 1_000n,
  period: 'once',
  callsAtOnce: 5,
  callsPerMinute: 60,
}

/** Whom no limit stops for long. */
export const RICH: Allowance = { credits: 50_000n, period: 'once', callsAtOnce: 8, callsPerMinute: 1_000_000 }

export const newCall = (): CallId => newId('aic', systemClock)

export const progress = (proxyId: string, ...calls: ProgressRequest['calls']): ProgressRequest => ({
  ...{ kind: 'progress', proxyId, calls },
})

/** Somebody whom the ledger has not met: it needs no account of theirs. */
export function stranger(allowance: Partial<Allowance> = {}) {
  return person(newId('usr', systemClock), newId('ins', systemClock), { ...ALLOWANCE, ...allowance })
}
/** Somebody in another process, who can spend more. */
export const personWith = ({ userId, instanceId }: { userId: UserId; instanceId: InstanceId }) =>
  person(userId, instanceId, RICH)

export type Person = ReturnType<typeof stranger>

function person(userId: UserId, instanceId: InstanceId, allowance: Allowance) {
  const ofCall = {
    userId,
    instanceId,
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    payer: 'platform',
  } as const
  return {
    userId,
    instanceId,
    allowance,
    hold: (amount: bigint, more: Partial<HoldRequest> = {}): HoldRequest => ({
      ...{ kind: 'hold', id: newCall(), ...ofCall, allowance, amount, least: amount },
      ...{ state: 'dispatched', proxyId: 'proxy-1', ...more },
    }),
    dispatch: (id: CallId, amount: bigint, least = amount): DispatchRequest => ({
      ...{ kind: 'dispatch', id, userId, allowance, amount, least },
    }),
    settle: (id: CallId, cost: bigint, more: Partial<SettleRequest> = {}): SettleRequest => ({
      ...{ kind: 'settle', id, ...ofCall, allowance, cost, usage: { ...NO_USAGE, input: 10, output: 20 } },
      ...{
        status: 'settled',
        httpStatus: 200,
        durationMs: 1_200,
        firstTokenMs: 300,
        providerRequestId: 'req_1',
      },
      ...more,
    }),
    release: (id: CallId): ReleaseRequest => ({ kind: 'release', id, userId, allowance }),
    drain: (id: CallId, most = 5): DrainRequest => ({ kind: 'drain', id, userId, most }),
  }
}

/** With an account of the platform, an instance and its token. */
export async function signUp({ db }: Pick<Database, 'db'>, handle: string, token: string) {
  const someone = stranger()
  const { userId, instanceId: id } = someone
  const createdAt = new Date()
  await db.insert(handles).values({ handle })
  const webauthnId = systemClock.random(64)
  await db.insert(users).values({ id: userId, handle, displayName: handle, webauthnId, createdAt })
  await db.insert(instances).values({
    ...{ id, userId, handle, image: 'i', desired: 'awake', observed: 'running', version: 1 },
    ...{ createdAt, observedAt: createdAt, lastUsedAt: createdAt },
    address: { host: '10.1.0.9', gatewayPort: 1, shellPort: null, trust: 'edge' },
  })
  await db.insert(aiTokens).values({ hash: sha256(token), instanceId: id, generation: 1, createdAt })
  return someone
}
