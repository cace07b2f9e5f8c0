/** Making an account: handle, person, credential and instance, all or nothing. */
import {
  HANDLE_RESERVED,
  HANDLE_RULE,
  type HandleAvailability,
  handleProblem,
  newId,
  normalizeHandle,
  type UserId,
} from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError, uniqueViolation } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { TenantService } from '../../tenants/service.ts'
import { PASSKEY_TAKEN } from '../../texts.ts'
import type { SignUpLimit } from './sign-up-limit.ts'
import type { SignUpDoor } from './sign-up-mode.ts'
import type { AccountStore, UserRow } from './store.ts'

export interface AccountsOptions {
  db: Database['db']
  store: AccountStore
  tenants: Pick<TenantService, 'insert' | 'accept'>
  signUps: SignUpLimit
  door: SignUpDoor
  audit: Audit
  clock: Clock
}

export type Accounts = ReturnType<typeof createAccounts>

const MESSAGES: Record<HandleAvailability['status'], string> = {
  ok: 'This handle is available.',
  malformed: `Use ${HANDLE_RULE}. Start with a letter, end with a letter or a number, and use no two hyphens in a row.`,
  reserved: HANDLE_RESERVED,
  taken: 'This handle is taken. Choose another.',
}

/**
 * Said to anybody who asks: it gives no more away than the address does, which has no computer and cannot be claimed.
 * For how long is told only to the owner, before the deletion.
 */
const QUARANTINED = 'This handle was used before and cannot be claimed yet.'

const NEWCOMER = { role: 'member', suspendedAt: null, suspendedReason: null, lastSeenAt: null } as const

export function createAccounts({ db, store, tenants, signUps, door, audit, clock }: AccountsOptions) {
  async function availability(text: string): Promise<HandleAvailability> {
    const handle = normalizeHandle(text)
    const problem = handleProblem(handle)
    if (problem) return { handle, status: problem, message: MESSAGES[problem] }
    const claim = await store.claimOn(handle, new Date(clock.now()))
    if (claim === 'quarantined') return { handle, status: 'taken', message: QUARANTINED }
    const status = claim === 'none' ? 'ok' : 'taken'
    return { handle, status, message: MESSAGES[status] }
  }

  const unavailable = (status: Exclude<HandleAvailability['status'], 'ok'>, message = MESSAGES[status]) =>
    new AppError(`handle_${status}`, message)

  return {
    availability,

    /**
     * What the account is created with later. Throws `sign_up_closed`, `handle_malformed`, `handle_reserved`,
     * `handle_taken`, `invite_required`, or `too_many_requests`.
     */
    async requireFree(
      request: RequestInfo,
      wanted: { handle: string; invite?: string | undefined },
    ): Promise<{ handle: string; invite: string | null }> {
      door.requireOpen()
      await signUps.check(request.address)
      const { handle, status, message } = await availability(wanted.handle)
      if (status !== 'ok') throw unavailable(status, message)
      return { handle, invite: await door.check(request.address, wanted.invite) }
    },

    /**
     * `addCredential` runs in the same transaction: there is no account without a way to sign in. Throws
     * `handle_taken`, `credential_taken`, `sign_up_closed`, `invite_required`, or `too_many_requests` beyond the limits
     * of sign-ups.
     */
    async create(
      request: RequestInfo,
      person: { handle: string; invite: string | null; webauthnId: Uint8Array; userId?: UserId },
      addCredential: (tx: Tx, user: UserRow) => Promise<void>,
    ): Promise<UserRow> {
      const now = new Date(clock.now())
      const { handle, webauthnId } = person
      const user: UserRow = {
        id: person.userId ?? newId('usr', clock),
        handle,
        displayName: handle,
        webauthnId,
        createdAt: now,
        ...NEWCOMER,
      }
      const giveBack = await signUps.take(request.address)
      const made = db.transaction(async (tx) => {
        const invite = await door.pass(tx, person.invite)
        if (!(await store.claimHandle(tx, handle, now))) throw unavailable('taken')
        await store.insertUser(tx, user)
        await addCredential(tx, user)
        const entry = {
          actor: user.id,
          action: 'account_created',
          target: user.id,
          address: request.address,
        } as const
        await audit.record({ ...entry, detail: { handle, ...(invite && { invite }) } }, tx)
        return tenants.insert(tx, { userId: user.id, handle })
      })
      const row = await made.catch(async (error: unknown) => {
        await giveBack().catch(() => undefined) // The first error is the one to tell.
        return explain(error)
      })
      tenants.accept(row)
      return user
    },
  }
}

function explain(error: unknown): never {
  if (uniqueViolation(error) !== 'passkeys_pkey') throw error
  throw new AppError('credential_taken', PASSKEY_TAKEN, { cause: error })
}
