/** Streams that a token holds open: they end with it, and their number is limited. */
import type { Id, Scope } from '@matrixos/shared'
import type { TokenPrincipal } from '../../access/principal.ts'
import { AppError } from '../../errors.ts'
import { isExpired, scopesNow } from './bearer.ts'
import type { TokenStore } from './store.ts'

/** Whoever revokes a token tells nobody: streams look for themselves, well within the promised 5 s. */
const CHECK_MS = 2_000
const RETRY_AFTER_S = 5

export interface TokenStreamsOptions {
  store: Pick<TokenStore, 'byId'>
  now: () => number
  /** Of one token, in this process. */
  mostStreams: number
}

export function createTokenStreams({ store, now, mostStreams }: TokenStreamsOptions) {
  const open = new Map<Id<'tok'>, number>()

  async function isGood(id: Id<'tok'>, scope: Scope): Promise<boolean> {
    const found = await store.byId(id)
    if (!found || found.suspendedAt || isExpired(found.token.expiresAt, now())) return false
    return scopesNow(found).includes(scope)
  }

  /**
   * A signal for one stream: aborts when the client leaves (`gone`) or the token no longer has the scope. Throws
   * `too_many_requests` when the token has too many already.
   */
  return function stream({ tokenId }: TokenPrincipal, scope: Scope, gone: AbortSignal): AbortSignal {
    const count = open.get(tokenId) ?? 0
    if (count >= mostStreams) {
      const text = 'This token has too many streams open. Close some of them.'
      throw new AppError('too_many_requests', text, { retryAfterS: RETRY_AFTER_S })
    }
    open.set(tokenId, count + 1)
    const over = new AbortController()
    const end = () => {
      if (over.signal.aborted) return
      clearInterval(check)
      const left = (open.get(tokenId) ?? 1) - 1
      if (left > 0) open.set(tokenId, left)
      else open.delete(tokenId)
      over.abort()
    }
    const look = () =>
      isGood(tokenId, scope).then(
        (good) => good || end(),
        () => undefined, // While the database is away, nobody loses anything.
      )
    const check = setInterval(look, CHECK_MS)
    if (gone.aborted) end()
    else gone.addEventListener('abort', end, { once: true })
    return over.signal
  }
}
