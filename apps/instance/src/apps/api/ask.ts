/** One request to the API of an app, which its own pages find below `/.app/`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendJson as sendPlain } from '../../http/pages.ts'
import { RequestProblem } from '../../http/problem.ts'
import type { Guest } from '../guest.ts'
import type { AppManifest } from '../manifest.ts'

export interface AppAsk {
  app: string
  manifest: AppManifest
  guest: Guest
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  method: string
  /** Below the room: `''`, or a key or path, decoded. */
  path: string
}

export type AppRoom = (ask: AppAsk) => Promise<void>

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void =>
  sendPlain(response, status, body)

export const sendNothing = (response: ServerResponse): void => void response.writeHead(204).end()

export const notHere = () => new RequestProblem(404, 'There is no such thing here.')
export const notSo = () => new RequestProblem(405, 'That cannot be done with this address.')

/** What is kept in one app's own corner. `visitors`: how far its manifest lets anybody else than its owner go. */
export function checkAccess({ guest }: AppAsk, visitors: 'none' | 'read' | 'write', isChange: boolean): void {
  if (guest.role === 'owner' || visitors === 'write' || (visitors === 'read' && !isChange)) return
  throw new RequestProblem(403, 'Only the owner of this app can do that.')
}
