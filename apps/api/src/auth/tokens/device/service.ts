/**
 * Logins of devices that have no browser (RFC 8628): the device asks for a pair of codes, a person who is signed in
 * types the short one and decides. What the device gets for the long one is in `poll.ts`.
 */
import {
  DEVICE_LOGIN_MINUTES,
  type DeviceLoginView,
  newId,
  parseUserCode,
  type Scope,
  showUserCode,
} from '@matrixos/shared'
import type { SessionPrincipal } from '../../../access/principal.ts'
import type { Audit } from '../../../audit/store.ts'
import type { Clock } from '../../../clock.ts'
import type { Database } from '../../../db/database.ts'
import { AppError } from '../../../errors.ts'
import { networkOf } from '../../../http/network.ts'
import type { RequestInfo } from '../../../http/request.ts'
import { sha256 } from '../../../keys.ts'
import type { AttemptLimit } from '../../../limits/attempt-limit.ts'
import type { ApiTokens } from '../service.ts'
import type { DeviceLoginRow, DeviceStore } from './store.ts'
import { newUserCode } from './user-code.ts'

const LIFE_MS = DEVICE_LOGIN_MINUTES * 60_000
/** So long after its end a device is still told that its code has expired. */
const REMEMBERED_MS = 3_600_000
const INTERVAL_S = 5
const DEVICE_CODE_BYTES = 32
/** Among the few logins under way two equal codes are next to impossible. */
const MOST_TRIES = 5

export interface DeviceLoginsOptions {
  db: Database['db']
  store: DeviceStore
  tokens: Pick<ApiTokens, 'requireRoom'>
  limits: {
    /** Logins begun in one network. */
    deviceCodes: AttemptLimit
    /** Wrong user codes of one session, and of one network. */
    userCodesPerSession: AttemptLimit
    userCodesPerNetwork: AttemptLimit
  }
  audit: Audit
  clock: Clock
}

export interface BegunLogin {
  deviceCode: string
  /** With its hyphen. */
  userCode: string
  expiresInS: number
  intervalS: number
}

export type DeviceLogins = ReturnType<typeof createDeviceLogins>

const noSuchCode = () =>
  new AppError('not_found', 'This code is wrong, has expired, or is open in another browser.')

export function createDeviceLogins({ db, store, tokens, limits, audit, clock }: DeviceLoginsOptions) {
  function view(row: DeviceLoginRow, person: SessionPrincipal): DeviceLoginView {
    const isAllowed = (scope: Scope) => person.scopes.includes(scope)
    return {
      userCode: showUserCode(row.userCode),
      clientName: row.clientName,
      address: row.address,
      userAgent: row.userAgent,
      askedAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      scopes: row.scopes.filter(isAllowed),
      refusedScopes: row.scopes.filter((scope) => !isAllowed(scope)),
      decision: row.decision,
    }
  }

  /** Counted before the look and given back after a right one, so that no number of guesses at once passes together. */
  async function counted<T>(request: RequestInfo, { sessionId }: SessionPrincipal, look: () => Promise<T>) {
    const network = networkOf(request.address)
    await limits.userCodesPerSession.take(sessionId)
    await limits.userCodesPerNetwork.take(network)
    const found = await look()
    if (found !== null) {
      await limits.userCodesPerSession.giveBack(sessionId)
      await limits.userCodesPerNetwork.giveBack(network)
    }
    return found
  }

  async function decide(
    request: RequestInfo,
    person: SessionPrincipal,
    text: string,
    decision: 'approved' | 'denied',
  ): Promise<DeviceLoginView> {
    const by = { sessionId: person.sessionId, now: new Date(clock.now()) }
    return db.transaction(async (tx) => {
      const row = await store.decide(parseUserCode(text) ?? '', by, decision, tx)
      if (!row) throw noSuchCode()
      if (decision === 'approved') {
        if (view(row, person).scopes.length === 0)
          throw new AppError('forbidden', 'Your account cannot give any of these permissions.')
        await tokens.requireRoom(person.userId, tx)
      }
      const entry = { actor: person.userId, action: `device_${decision}`, target: row.id } as const
      const detail = { client: row.clientName, scopes: row.scopes, deviceAddress: row.address }
      await audit.record({ ...entry, address: request.address, detail }, tx)
      return view(row, person)
    })
  }

  return {
    /** Throws `too_many_requests` where too many logins were begun. */
    async begin(
      request: RequestInfo,
      ask: { clientName: string; scopes: readonly Scope[] },
    ): Promise<BegunLogin> {
      await limits.deviceCodes.take(networkOf(request.address))
      const deviceCode = Buffer.from(clock.random(DEVICE_CODE_BYTES)).toString('base64url')
      const now = clock.now()
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const userCode = newUserCode(clock.random)
        const inserted = await store.insert({
          ...{ id: newId('dvc', clock), deviceHash: sha256(deviceCode), userCode },
          ...{ clientName: ask.clientName, scopes: [...ask.scopes] },
          ...{ address: request.address, userAgent: request.userAgent },
          ...{ createdAt: new Date(now), expiresAt: new Date(now + LIFE_MS) },
          ...{ claimedBy: null, userId: null, decision: null, lastPolledAt: null, intervalS: INTERVAL_S },
        })
        if (inserted)
          return {
            ...{ deviceCode, userCode: showUserCode(userCode) },
            ...{ expiresInS: LIFE_MS / 1000, intervalS: INTERVAL_S },
          }
      }
      throw new Error('Every user code that was tried is in use.')
    },

    /** Who asks for what; from then on it is this session's to decide. Throws `not_found`, or `too_many_requests`. */
    async inspect(request: RequestInfo, person: SessionPrincipal, text: string): Promise<DeviceLoginView> {
      const row = await counted(request, person, async () => {
        const userCode = parseUserCode(text)
        const by = { sessionId: person.sessionId, userId: person.userId, now: new Date(clock.now()) }
        return userCode && store.claim(userCode, by)
      })
      if (!row) throw noSuchCode()
      return view(row, person)
    },

    approve: (request: RequestInfo, person: SessionPrincipal, userCode: string) =>
      decide(request, person, userCode, 'approved'),
    deny: (request: RequestInfo, person: SessionPrincipal, userCode: string) =>
      decide(request, person, userCode, 'denied'),

    deleteExpired: (now: Date): Promise<void> => store.deleteExpired(new Date(now.getTime() - REMEMBERED_MS)),
  }
}
