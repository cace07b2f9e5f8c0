/** Who may talk to this instance: the bearer's proof, and the origin that opens a WebSocket. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Settings } from '../env.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Always true where the edge is trusted by position. Digests are compared, so neither length nor content shows in time. */
export function createBearerCheck(authToken: string | null): (request: IncomingMessage) => boolean {
  if (authToken === null) return () => true
  const expected = digest(`Bearer ${authToken}`)
  return (request) => timingSafeEqual(digest(request.headers.authorization ?? ''), expected)
}

/**
 * A browser sends the page's origin with each WebSocket, and nothing else keeps another site's page from opening
 * one. Clients that are no browser send none.
 */
export function isOwnOrigin(
  request: IncomingMessage,
  { externalOrigin }: Pick<Settings, 'externalOrigin'>,
): boolean {
  const { origin } = request.headers
  if (origin === undefined || origin === externalOrigin) return true
  const host = URL.canParse(origin) ? new URL(origin).host : null
  return host !== null && [request.headers['x-forwarded-host'], request.headers.host].includes(host)
}
