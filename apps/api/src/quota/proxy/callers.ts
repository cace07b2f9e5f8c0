/** Whose token a request carries. Answers are kept for a moment only, so that a revoked token ends within seconds. */
import type { IncomingHttpHeaders } from 'node:http'
import { LRUCache } from 'lru-cache'
import { sha256 } from '../../keys.ts'
import type { Caller, Ledger } from '../../ports/ledger.ts'
import { booksUnavailable, ProxyError } from './errors.ts'
import type { WrongTokens } from './wrong-tokens.ts'

const KNOWN_MS = 3_000
/** An instance that just got its token must not wait long, and a wrong one must not cost a query each time. */
const UNKNOWN_MS = 1_000
const STARTING_MS = 250
const MOST = 10_000

const TOKEN_PREFIX = 'mosai_'
const LONGEST_TOKEN = 200
const NO_ADDRESS = 'everyone'

export interface CallersOptions {
  ledger: Pick<Ledger, 'callerOf'>
  monotonic: () => number
  /** Whether instances have addresses of their own, which requests must then come from. */
  checksAddress: boolean
  wrongTokens: WrongTokens
}

/** Throws a ProxyError unless this is an instance's own token, sent by that instance. */
export type CallerOf = (headers: IncomingHttpHeaders, address: string | undefined) => Promise<Caller>

const unknown = () =>
  new ProxyError(
    'authentication_error',
    "This is not this instance's AI token (ANTHROPIC_API_KEY, OPENAI_API_KEY).",
  )

function tokenOf(headers: IncomingHttpHeaders): string | null {
  const key = headers['x-api-key']
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const tokens = [typeof key === 'string' ? key.trim() : undefined, bearer]
  return tokens.find((token) => token?.startsWith(TOKEN_PREFIX) && token.length <= LONGEST_TOKEN) ?? null
}

const plainAddress = (address: string | undefined) => address?.replace(/^::ffff:/i, '')

export function createCallers(options: CallersOptions): CallerOf {
  const { ledger, monotonic, checksAddress, wrongTokens } = options
  const known = new LRUCache<string, { caller: Caller | null }, string>({
    max: MOST,
    ttl: KNOWN_MS,
    ...{ perf: { now: monotonic }, ttlResolution: 0 },
    // What was good a moment ago stays so while the books are away: only its use has to wait.
    noDeleteOnFetchRejection: true,
    async fetchMethod(hash, stale, { options, context: from }) {
      // One that was good at its last look is let through, whatever else comes from there.
      const caller = stale?.caller
        ? await ledger.callerOf(hash)
        : await wrongTokens.count(from, () => ledger.callerOf(hash))
      if (!caller) options.ttl = UNKNOWN_MS
      else if (checksAddress && caller.host === null) options.ttl = STARTING_MS
      return { caller }
    },
  })
  return async (headers, address) => {
    const token = tokenOf(headers)
    if (token === null) throw unknown()
    const from = checksAddress ? (plainAddress(address) ?? NO_ADDRESS) : NO_ADDRESS
    const found = await known.fetch(sha256(token), { context: from }).catch((error: unknown) => {
      throw error instanceof ProxyError ? error : booksUnavailable(error)
    })
    const caller = found?.caller
    if (!caller) throw unknown()
    if (!checksAddress) return caller
    if (caller.host === null)
      throw new ProxyError('overloaded_error', 'This instance is still starting. Try again in a second.', {
        ...{ status: 503, retryAfterS: 1 },
      })
    if (plainAddress(address) !== plainAddress(caller.host)) throw unknown()
    return caller
  }
}
