/** What a device is told when it asks whether somebody has approved it (RFC 8628, section 3.5). */
import { DEFAULT_TOKEN_DAYS, type Scope } from '@matrixos/shared'
import type { Clock } from '../../../clock.ts'
import type { Database } from '../../../db/database.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../../http/network.ts'
import type { RequestInfo } from '../../../http/request.ts'
import { sha256 } from '../../../keys.ts'
import type { AttemptLimit } from '../../../limits/attempt-limit.ts'
import type { ApiTokens } from '../service.ts'
import type { Device, DeviceStore } from './store.ts'

const TOKEN_LIFE_MS = DEFAULT_TOKEN_DAYS * 86_400_000

export interface DevicePollOptions {
  db: Database['db']
  store: Pick<DeviceStore, 'take' | 'isDeciderIn' | 'find' | 'notePoll'>
  tokens: Pick<ApiTokens, 'issue'>
  /** Wrong device codes of one network. */
  wrongTokens: AttemptLimit
  clock: Clock
}

export type PollAnswer =
  | { status: 'granted'; token: string; scopes: Scope[]; expiresInS: number }
  | { status: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant' }

export type DevicePoll = ReturnType<typeof createDevicePoll>

export function createDevicePoll({ db, store, tokens, wrongTokens, clock }: DevicePollOptions) {
  /** The token is made when it is handed over: nothing that could be read in between ever rests anywhere. */
  async function deliver(request: RequestInfo, device: Device): Promise<PollAnswer | null> {
    const now = clock.now()
    return db.transaction(async (tx) => {
      const row = await store.take(tx, device, new Date(now))
      if (!row?.userId) return null
      // Whoever ends a stolen session ends what it approved: no token appears after they have looked.
      if (!(await store.isDeciderIn(tx, row))) return { status: 'access_denied' }
      const made = await tokens
        .issue(tx, {
          userId: row.userId,
          name: row.clientName,
          scopes: row.scopes,
          expiresAt: new Date(now + TOKEN_LIFE_MS),
          address: request.address,
          detail: { device: row.id },
        })
        .catch((error: unknown) => {
          // The account was deleted, lost its role or made other tokens since it approved.
          if (error instanceof AppError) return null
          throw error
        })
      if (!made) return { status: 'access_denied' }
      const { token, row: issued } = made
      return { status: 'granted', token, scopes: issued.scopes, expiresInS: TOKEN_LIFE_MS / 1000 }
    })
  }

  return async function poll(
    request: RequestInfo,
    { deviceCode, clientName }: { deviceCode: string; clientName: string },
  ): Promise<PollAnswer> {
    const device = { deviceHash: sha256(deviceCode), clientName }
    const delivered = await deliver(request, device)
    if (delivered) return delivered
    const row = await store.find(device)
    const now = clock.now()
    if (!row) {
      await wrongTokens.take(networkOf(request.address))
      return { status: 'invalid_grant' }
    }
    if (row.expiresAt.getTime() <= now) return { status: 'expired_token' }
    if (row.decision === 'denied') return { status: 'access_denied' }
    const isInTime = await store.notePoll(device, new Date(now))
    return { status: isInTime ? 'authorization_pending' : 'slow_down' }
  }
}
