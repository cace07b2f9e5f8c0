/** People's own keys at a provider: with one, their calls cost no credits. */
import type { AiProvider, ownKeySchema, UserId } from '@matrixos/shared'
import type { z } from 'zod'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Notices } from '../../auth/notices/service.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { KeyCheck } from './check.ts'
import type { KeySeal } from './seal.ts'
import type { OwnKeyStore } from './store.ts'

/** So long after it was seen to work, a refusal is of the key before: proxies remember keys for some seconds. */
const TRUSTED_MS = 60_000
const SHOWN = 4

export interface OwnKeysOptions {
  db: Database['db']
  store: OwnKeyStore
  seal: KeySeal['seal']
  check: KeyCheck
  /** Of one account: nobody tries out a list of stolen keys here. */
  limit: AttemptLimit
  notices: Pick<Notices, 'add' | 'hide'>
  audit: Pick<Audit, 'record'>
  changed: (userId: UserId) => void
  clock: Clock
}

/** The person, in the session that does it. */
export interface KeyOwner {
  principal: SessionPrincipal
  request: { address: string }
}

export type OwnKeys = ReturnType<typeof createOwnKeys>

export function createOwnKeys(options: OwnKeysOptions) {
  const { db, store, seal, check, limit, notices, audit, changed, clock } = options

  /** What is told of it is in the same transaction. The session that does it knows. */
  async function change(
    { principal, request }: KeyOwner,
    kind: 'own_key_set' | 'own_key_removed',
    detail: { provider: AiProvider; ending?: string },
    write: (tx: Parameters<Parameters<Database['db']['transaction']>[0]>[0]) => Promise<void>,
  ): Promise<void> {
    const { userId, sessionId } = principal
    const { address } = request
    const notice = await db.transaction(async (tx) => {
      await write(tx)
      await audit.record({ actor: userId, action: kind, target: userId, address, detail }, tx)
      return notices.add({ userId, kind, address }, tx)
    })
    await notices.hide(notice, sessionId)
    changed(userId)
  }

  return {
    /** Replaces the one before. Throws as `KeyCheck` does, and saves nothing then. */
    async set(owner: KeyOwner, { provider, key }: z.output<typeof ownKeySchema>): Promise<void> {
      const { userId } = owner.principal
      await limit.take(userId)
      await check(provider, key)
      const ending = key.slice(-SHOWN)
      const sealed = seal(key, userId, clock.random)
      const row = { userId, provider, ...sealed, ending, createdAt: new Date(clock.now()), refusedAt: null }
      await change(owner, 'own_key_set', { provider, ending }, (tx) => store.put(tx, row))
    },

    /** Throws `not_found`. */
    remove: (owner: KeyOwner, provider: AiProvider): Promise<void> =>
      change(owner, 'own_key_removed', { provider }, async (tx) => {
        if (await store.remove(tx, owner.principal.userId, provider)) return
        throw new AppError('not_found', 'You have no such key. It may have been removed already.')
      }),

    /** The proxy saw the provider refuse it. */
    async noteRefused(userId: UserId, provider: AiProvider): Promise<void> {
      const now = clock.now()
      const times = { at: new Date(now), madeBefore: new Date(now - TRUSTED_MS) }
      if (await store.noteRefused(userId, provider, times)) changed(userId)
    },
  }
}
