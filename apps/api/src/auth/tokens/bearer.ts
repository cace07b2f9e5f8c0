/**
 * From a request's `Authorization` to who asks. The database is asked each time, so a token that was revoked, or whose
 * owner was suspended, lost their role or left, counts for nothing in the very next request to any api process.
 */
import { scopesOf } from '@matrixos/shared'
import { LRUCache } from 'lru-cache'
import type { TokenPrincipal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import type { RequestInfo } from '../../http/request.ts'
import { sha256 } from '../../keys.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Log } from '../../log.ts'
import { isToken } from './format.ts'
import type { TokenStore, TokenWithOwner } from './store.ts'

/** A token's use is written down at most this often. */
const TOUCH_MS = 60_000

export interface BearerOptions {
  store: Pick<TokenStore, 'byHash' | 'touch'>
  /** Wrong tokens of one network. */
  wrongTokens: AttemptLimit
  clock: Clock
  log: Log
}

const refused = (text: string) => new AppError('unauthorized', text)

export const isExpired = (expiresAt: Date | null, now: number): boolean =>
  expiresAt !== null && expiresAt.getTime() <= now

/** What the token may be used for now: what it was given, of what its owner's role allows today. */
export const scopesNow = ({ token, role }: Pick<TokenWithOwner, 'token' | 'role'>) => {
  const allowed = scopesOf(role)
  return token.scopes.filter((scope) => allowed.includes(scope))
}

/** `null` without the header; throws `unauthorized` for any other scheme. */
function bearerOf(headers: Headers): string | null {
  const header = headers.get('authorization')
  if (header === null) return null
  const [, token] = /^bearer +(\S+) *$/i.exec(header) ?? []
  if (token === undefined) throw refused('Send the token as “Authorization: Bearer mos_…”.')
  return token
}

export function createBearer({ store, wrongTokens, clock, log }: BearerOptions) {
  // Those that were good a while ago are looked up however many wrong ones their network sends.
  const wereGood = new LRUCache<string, true>({ max: 10_000 })

  /** No request waits for this. */
  function touch({ token }: TokenWithOwner, now: number): void {
    if (token.lastUsedAt && now - token.lastUsedAt.getTime() < TOUCH_MS) return
    const saved = store.touch(token.id, { now: new Date(now), before: new Date(now - TOUCH_MS) })
    saved.catch((error: unknown) => log.warn({ err: error }, 'failed to save token use'))
  }

  async function find(text: string, network: string): Promise<TokenWithOwner> {
    const hash = sha256(text)
    if (!wereGood.has(hash)) await wrongTokens.check(network)
    const found = isToken(text) ? await store.byHash(hash) : null
    if (found && !isExpired(found.token.expiresAt, clock.now())) {
      wereGood.set(hash, true)
      return found
    }
    wereGood.delete(hash)
    await wrongTokens.take(network)
    if (found) throw refused('This API token has expired. Create a new one.')
    if (isToken(text)) throw refused('This API token was revoked, or never existed.')
    throw refused('This is not an API token. Check that it was copied whole.')
  }

  /**
   * `null` for a request without a token. Throws `unauthorized` for a wrong one, `account_suspended`, or
   * `too_many_requests` where too many wrong ones came from.
   */
  return async function principalOf({
    headers,
    address,
  }: Pick<RequestInfo, 'headers' | 'address'>): Promise<TokenPrincipal | null> {
    const text = bearerOf(headers)
    if (text === null) return null
    const found = await find(text, networkOf(address))
    if (found.suspendedAt) throw suspended(found.suspendedReason)
    touch(found, clock.now())
    const { token, handle, role } = found
    const person = { userId: token.userId, handle, role, provedAt: null }
    return { how: 'token', tokenId: token.id, ...person, scopes: scopesNow(found) }
  }
}

const suspended = (reason: string | null) =>
  new AppError('account_suspended', `This account is suspended.${reason ? ` ${reason}` : ''}`)
