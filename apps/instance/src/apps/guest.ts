/** Who is at an app's own host. The edge says so, and nobody else can. */
import type { IncomingMessage } from 'node:http'
import { INSTANCE_HEADERS } from '@matrixos/shared'

export type Guest =
  | { role: 'owner'; handle: string }
  /** `aiNano`: what this app may spend on all but its owner together in a month, in nano-USD. */
  | { role: 'viewer'; handle: string; aiNano: bigint }
  /** Somebody without identity. */
  | { role: 'visitor'; handle: null; aiNano: bigint }

/** The app that is asked for; `null`: the computer itself. Whatever else the header holds is no app's name, and stays one. */
export function appOf({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  const named = headers[INSTANCE_HEADERS.app]
  return named === undefined ? null : String(named)
}

/** `owner`: the handle whose computer it is. `null`: nobody whom this version knows. */
export function guestOf({ headers }: Pick<IncomingMessage, 'headers'>, owner: string): Guest | null {
  const role = headers[INSTANCE_HEADERS.role]
  if (role === 'owner') return { role, handle: owner }
  if (role !== 'viewer' && role !== 'visitor') return null
  const permissions = String(headers[INSTANCE_HEADERS.permissions] ?? '').split(' ')
  const ai = permissions.map((one) => /^ai:(\d{1,18})$/.exec(one)?.[1]).find(Boolean)
  const aiNano = BigInt(ai ?? '0')
  if (role === 'visitor') return { role, handle: null, aiNano }
  return { role, handle: String(headers[INSTANCE_HEADERS.user] ?? ''), aiNano }
}

/** A browser says which page a request comes from: only the app's own may change anything, or open a connection. */
export function isFromApp({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin } = headers
  const own = headers['x-forwarded-host'] ?? headers.host
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === own
}
