/** Who is there: the owner, or somebody whom the owner lets look. The edge says so, and nobody else can. */
import type { IncomingMessage } from 'node:http'
import { INSTANCE_HEADERS } from '@matrixos/shared'

export type Visitor = { role: 'owner' } | { role: 'viewer'; handle: string; canUseNotes: boolean }

/** Names the app under whose own origin a page asks: with its owner's identity, and none of their rights here. */
const APP_HEADER = 'x-mos-app'

/** A platform that names no role knows owners only. `null`: an app, or a role that this version does not know. */
export function visitorOf({ headers }: Pick<IncomingMessage, 'headers'>): Visitor | null {
  if (headers[APP_HEADER] !== undefined) return null
  const role = headers[INSTANCE_HEADERS.role]
  if (role === undefined || role === 'owner') return { role: 'owner' }
  if (role !== 'viewer') return null
  const permissions = String(headers[INSTANCE_HEADERS.permissions] ?? '').split(' ')
  const handle = String(headers[INSTANCE_HEADERS.user] ?? '')
  return { role, handle, canUseNotes: permissions.includes('notes') }
}
