/** How long a subscription may go on: as long as whoever opened it still may. */
import type { Scope, SessionId } from '@matrixos/shared'
import type { SessionPrincipal, TokenPrincipal } from './principal.ts'

export interface StreamDoors {
  sessions: {
    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: (id: SessionId, gone: AbortSignal) => AbortSignal
  }
  /** The same for a stream that a token opens: it ends when the token no longer has the scope. */
  tokenStream: (token: TokenPrincipal, scope: Scope, gone: AbortSignal) => AbortSignal
}

/**
 * Not to be called in the generator: its errors pass no middleware, and clients resume at once after one without a status.
 * `signal`: of the request.
 */
export function streamOf(
  { sessions, tokenStream }: StreamDoors,
  principal: SessionPrincipal | TokenPrincipal,
  scope: Scope,
  signal: AbortSignal | undefined,
): AbortSignal {
  const gone = signal ?? new AbortController().signal
  return principal.how === 'token'
    ? tokenStream(principal, scope, gone)
    : sessions.stream(principal.sessionId, gone)
}
