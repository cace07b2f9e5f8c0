/** API tokens of a person: made, listed, revoked. A token itself is known to nobody but whoever was given it. */
import {
  type Id,
  LONGEST_TOKEN_DAYS,
  type NewToken,
  newId,
  type Scope,
  scopesOf,
  type TokenView,
  type UserId,
} from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { sha256 } from '../../keys.ts'
import { isExpired } from './bearer.ts'
import { hintOf, newToken } from './format.ts'
import type { TokenRow, TokenStore } from './store.ts'

const DAY_MS = 86_400_000
/** So long after its end a token is still listed, and told from one that never was. */
const REMEMBERED_MS = 30 * DAY_MS

export interface ApiTokensOptions {
  db: Database['db']
  store: TokenStore
  audit: Audit
  clock: Clock
  /** Tokens of one account that have not expired. */
  mostTokens: number
}

export interface Issue {
  userId: UserId
  name: string
  scopes: readonly Scope[]
  expiresAt: Date
  /** Where the order came from, for the audit log. */
  address: string
  detail?: Record<string, unknown>
}

export type ApiTokens = ReturnType<typeof createApiTokens>

export function createApiTokens({ db, store, audit, clock, mostTokens }: ApiTokensOptions) {
  const view = (row: TokenRow): TokenView => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    isExpired: isExpired(row.expiresAt, clock.now()),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  })

  const tooMany = () =>
    new AppError('conflict', `You have ${mostTokens} API tokens, the most there can be. Revoke one first.`)

  async function requireRoom(userId: UserId, tx?: Tx): Promise<void> {
    if ((await store.countGood(userId, new Date(clock.now()), tx)) >= mostTokens) throw tooMany()
  }

  /**
   * Makes a token with those of the scopes that the owner's role allows now. Throws `conflict` when there are too many,
   * `forbidden` when the role allows none of the scopes, `not_found` when the account is gone, `account_suspended`.
   */
  async function issue(tx: Tx, order: Issue): Promise<{ token: string; row: TokenRow }> {
    const { userId, name, expiresAt, address, detail } = order
    const owner = await store.lockOwner(tx, userId)
    if (!owner) throw new AppError('not_found', 'This account no longer exists.')
    if (owner.suspendedAt) throw new AppError('account_suspended', 'This account is suspended.')
    const scopes = order.scopes.filter((scope) => scopesOf(owner.role).includes(scope))
    if (scopes.length === 0) throw new AppError('forbidden', 'Your account cannot give these permissions.')
    await requireRoom(userId, tx)
    const token = newToken(clock.random)
    const row: TokenRow = {
      ...{ id: newId('tok', clock), userId, name, scopes },
      ...{ hash: sha256(token), hint: hintOf(token) },
      ...{ createdAt: new Date(clock.now()), expiresAt, lastUsedAt: null },
    }
    await store.insert(tx, row)
    const facts = { name, scopes, expiresAt: expiresAt.toISOString(), ...detail }
    await audit.record({ actor: userId, action: 'token_created', target: row.id, address, detail: facts }, tx)
    return { token, row }
  }

  function endOf(expiry: NewToken['expiry']): Date {
    const now = clock.now()
    if ('days' in expiry) return new Date(now + expiry.days * DAY_MS)
    const at = Date.parse(expiry.at)
    if (at <= now) throw new AppError('invalid_input', 'The token would have expired already.')
    if (at > now + LONGEST_TOKEN_DAYS * DAY_MS)
      throw new AppError('invalid_input', `A token lasts ${LONGEST_TOKEN_DAYS} days at most.`)
    return new Date(at)
  }

  return {
    list: async (userId: UserId): Promise<TokenView[]> => (await store.list(userId)).map(view),

    /** Throws `forbidden` for a scope that one's own role does not have, `conflict` when there are too many. */
    async create(request: RequestInfo, owner: SessionPrincipal, order: NewToken) {
      const missing = order.scopes.filter((scope) => !owner.scopes.includes(scope))
      if (missing.length > 0)
        throw new AppError('forbidden', `Your account cannot give ${missing.join(', ')}.`)
      const { userId } = owner
      const { name, scopes } = order
      const expiresAt = endOf(order.expiry)
      const address = request.address
      const made = await db.transaction((tx) => issue(tx, { userId, name, scopes, expiresAt, address }))
      return { token: made.token, view: view(made.row) }
    },

    /** Counts at once, everywhere. Throws `not_found` for a token that is not one's own. */
    async revoke(request: RequestInfo, { userId }: SessionPrincipal, id: Id<'tok'>): Promise<void> {
      await db.transaction(async (tx) => {
        const gone = await store.delete(userId, id, tx)
        if (!gone) throw new AppError('not_found', 'You have no such token. It may have been revoked.')
        const entry = { actor: userId, action: 'token_revoked', target: id } as const
        await audit.record({ ...entry, address: request.address, detail: { name: gone.name } }, tx)
      })
    },

    issue,
    requireRoom,

    deleteExpired: (now: Date): Promise<void> => store.deleteExpired(new Date(now.getTime() - REMEMBERED_MS)),
  }
}
