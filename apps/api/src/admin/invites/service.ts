/** Invites: codes that let people sign up while that is by invitation. */
import type { createInviteInputSchema, InviteView, invitePageSchema, pageInputSchema } from '@matrixos/shared'
import type { z } from 'zod'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { timeCursor } from '../../db/time-cursor.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import { newInviteCode, normalizeInviteCode } from './code.ts'
import type { InviteStore, ListedInvite } from './store.ts'

export interface InvitesOptions {
  db: Database['db']
  store: InviteStore
  /** Codes that are wrong, by network. */
  guesses: AttemptLimit
  appOrigin: string
  audit: Audit
  clock: Clock
}

export type Invites = ReturnType<typeof createInvites>

const DAY_MS = 86_400_000

const useless = () =>
  new AppError('invite_required', 'This invite code is wrong, used up or expired. Ask for another.')

export function createInvites({ db, store, guesses, appOrigin, audit, clock }: InvitesOptions) {
  const now = () => new Date(clock.now())

  function view({ invite, creator }: ListedInvite): InviteView {
    const { code, note, maxUses, uses, createdBy, createdAt, expiresAt } = invite
    const isExpired = expiresAt !== null && expiresAt.getTime() <= clock.now()
    return {
      ...{ code, note, maxUses, uses },
      url: `${appOrigin}/signup?${new URLSearchParams({ invite: code })}`,
      state: isExpired ? 'expired' : uses >= maxUses ? 'used_up' : 'usable',
      createdBy: createdBy === 'server' ? createdBy : creator,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
    }
  }

  return {
    async list({
      cursor,
      limit,
    }: z.output<typeof pageInputSchema>): Promise<z.infer<typeof invitePageSchema>> {
      const before = timeCursor.read(cursor)
      const found = await store.page(before && { at: before.at, code: before.key }, limit + 1)
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1)?.invite : undefined
      const nextCursor = last ? timeCursor.write(last.createdAt, last.code) : null
      return { items: items.map(view), nextCursor }
    },

    async create(
      { principal, request }: Caller,
      { note, maxUses, days }: z.output<typeof createInviteInputSchema>,
    ): Promise<InviteView> {
      const createdAt = now()
      const invite = {
        ...{ code: newInviteCode(clock.random), note, maxUses, createdAt, createdBy: principal.userId },
        expiresAt: days === null ? null : new Date(createdAt.getTime() + days * DAY_MS),
      }
      await db.transaction(async (tx) => {
        await store.insert(tx, invite)
        const entry = { actor: principal.userId, action: 'invite_created', target: invite.code } as const
        await audit.record({ ...entry, address: request.address, detail: { note, maxUses, days } }, tx)
      })
      return view({ invite: { ...invite, uses: 0 }, creator: principal.handle })
    },

    /** Throws `not_found`. */
    async revoke({ principal, request }: Caller, typed: string): Promise<void> {
      const code = normalizeInviteCode(typed)
      await db.transaction(async (tx) => {
        const gone = await store.remove(tx, code)
        if (!gone) throw new AppError('not_found', 'There is no such invite. It may have been revoked.')
        const entry = { actor: principal.userId, action: 'invite_revoked', target: code } as const
        const { note, uses, maxUses } = gone
        await audit.record({ ...entry, address: request.address, detail: { note, uses, maxUses } }, tx)
      })
    },

    /**
     * Before the person makes a passkey in vain; answers the code as it is stored. Throws `invite_required`, or
     * `too_many_requests` after too many wrong ones: counted first, so that many at once are none for free.
     */
    async check(address: string, typed: string): Promise<string> {
      const code = normalizeInviteCode(typed)
      const network = networkOf(address)
      await guesses.take(network)
      if (!(await store.isUsable(code, now()))) throw useless()
      await guesses.giveBack(network)
      return code
    },

    /** In the account's transaction: one that fails gives the use back. Throws `invite_required`. */
    async spend(tx: Tx, code: string): Promise<void> {
      if (!(await store.spend(tx, code, now()))) throw useless()
    },
  }
}
