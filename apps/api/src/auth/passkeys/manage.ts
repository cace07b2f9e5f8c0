/** A signed-in person's passkeys: several, with names. */
import type { Id, PasskeyList, PasskeyView, UserId } from '@matrixos/shared'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { Factors } from '../factors/service.ts'
import type { OwnedPasskeyStore } from './owned-store.ts'
import type { PasskeyRegistration } from './registration.ts'
import type { PasskeyRow } from './store.ts'

export interface ManagePasskeysOptions {
  rpId: string
  store: OwnedPasskeyStore
  registration: PasskeyRegistration
  factors: Pick<Factors, 'addPasskey' | 'remove'>
  audit: Audit
}

export type ManagePasskeys = ReturnType<typeof createManagePasskeys>

/** What does not exist and what belongs to somebody else are answered alike. */
const noSuchPasskey = () => new AppError('not_found', 'You have no such passkey. It may have been removed.')

const viewOf = (row: PasskeyRow): PasskeyView => ({
  id: row.id,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt.toISOString(),
  backupEligible: row.backupEligible,
  backedUp: row.backedUp,
  transports: row.transports,
})

export function createManagePasskeys(options: ManagePasskeysOptions) {
  const { rpId, store, registration, factors, audit } = options
  const entry = (request: RequestInfo, userId: UserId) =>
    ({ actor: userId, target: userId, address: request.address }) as const

  return {
    async list(userId: UserId): Promise<PasskeyList> {
      const owner = await store.listOf(userId)
      if (!owner) throw new AppError('unauthorized', 'This account no longer exists.')
      const { handle, displayName, webauthnId } = owner.user
      const person = { rpId, userId: Buffer.from(webauthnId).toString('base64url'), handle, displayName }
      return { ...person, passkeys: owner.passkeys.map(viewOf) }
    },

    addOptions: (request: RequestInfo, { userId }: SessionPrincipal) =>
      registration.begin(request, 'add_passkey', userId),

    /** Throws `challenge_expired`, `credential_refused`, `credential_taken`, or `conflict` beyond the limit. */
    async add(
      request: RequestInfo,
      { userId }: SessionPrincipal,
      input: { challengeId: Id<'chl'>; response: RegistrationResponseJSON },
    ): Promise<PasskeyView> {
      const row = await registration.finish(request, 'add_passkey', { userId, ...input })
      await factors.addPasskey(row, (tx) => {
        const detail = { kind: 'passkey', name: row.name }
        return audit.record({ ...entry(request, userId), action: 'factor_added', detail }, tx)
      })
      return viewOf(row)
    },

    /** Throws `not_found`. */
    async rename({ userId }: SessionPrincipal, { id, name }: { id: string; name: string }): Promise<void> {
      if (!(await store.rename(userId, id, name))) throw noSuchPasskey()
    },

    /** Throws `not_found`, or `conflict` for the last way to sign in. */
    remove: (request: RequestInfo, { userId }: SessionPrincipal, id: string): Promise<void> =>
      factors.remove(userId, async (tx) => {
        const removed = await store.remove(tx, userId, id)
        if (!removed) throw noSuchPasskey()
        const detail = { kind: 'passkey', name: removed.name }
        await audit.record({ ...entry(request, userId), action: 'factor_removed', detail }, tx)
      }),
  }
}
