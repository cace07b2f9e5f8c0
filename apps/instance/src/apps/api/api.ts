/** Everything below `/.app/` at an app's host: the computer's, and never its server's. */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { problemOf, RequestProblem } from '../../http/problem.ts'
import { describeError, describeRequest, type Log } from '../../log.ts'
import { type Guest, isFromApp } from '../guest.ts'
import type { AppManifest } from '../manifest.ts'
import { type AppAsk, type AppRoom, notHere, notSo, sendJson } from './ask.ts'
import { createRate, createRates } from './rate.ts'

export const APP_API = '/.app/'

/** Requests of everybody but the owner, in a second, to one app. */
const STRANGERS = { perSecond: 50, atOnce: 200 }

export interface Asked {
  app: string
  manifest: AppManifest
  guest: Guest
  request: IncomingMessage
  response: ServerResponse
}

export interface AppApiOptions {
  rooms: Readonly<Record<'ai' | 'files' | 'kv', AppRoom>>
  sendSdk: (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  clock: () => number
  log: Log
}

export type AppApi = ReturnType<typeof createAppApi>

export function createAppApi({ rooms, sendSdk, clock, log }: AppApiOptions) {
  const mayAsk = createRates<string>(() => createRate(STRANGERS.perSecond, STRANGERS.atOnce, clock))
  const identity = createIdentity()

  const answer = async (ask: AppAsk, room: string): Promise<void> => {
    const { guest, method, request, response } = ask
    if (guest.role !== 'owner' && !mayAsk(ask.app))
      throw new RequestProblem(429, 'Too many people are here at once. Try again in a moment.')
    if (method !== 'GET' && !isFromApp(request))
      throw new RequestProblem(403, 'Only this app’s own pages can do this.')
    if (room === 'me') {
      if (method !== 'GET') throw notSo()
      const { role, handle } = guest
      return sendJson(response, { role, handle, ...identity.of(ask.query.get('as')) })
    }
    const serve = room === 'ai' || room === 'files' || room === 'kv' ? rooms[room] : undefined
    if (!serve) throw notHere()
    await serve(ask)
  }

  return {
    identity,
    async handle({ request, response, ...asked }: Asked): Promise<void> {
      const url = new URL(request.url ?? '/', 'http://app')
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
      const [room = '', ...rest] = url.pathname.slice(APP_API.length).split('/')
      try {
        if (method === 'GET' && (await sendSdk(url.pathname.slice(APP_API.length), request, response))) return
        const path = decodePath(rest.join('/'))
        await answer({ ...asked, request, response, query: url.searchParams, method, path }, room)
      } catch (error) {
        if (response.destroyed) return
        const { status, problem } = problemOf(error)
        if (status === 500)
          log('app request failed', { ...describeRequest(request), ...describeError(error) })
        request.resume()
        if (response.headersSent) response.destroy()
        else sendJson(response, problem, status)
      }
    },
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new RequestProblem(400, 'That is not an address.')
  }
}

/**
 * One for each page that is open, whoever looks at it: it names nobody, and goes with the page. `as` proves that a page
 * that comes again is the same; after a start of the computer it is another.
 */
function createIdentity() {
  const key = randomBytes(32)
  const proofOf = (id: string) => createHmac('sha256', key).update(id).digest('base64url')
  const idIn = (as: string | null): string | null => {
    const [id = '', proof = ''] = (as ?? '').split('.')
    const [one, other] = [Buffer.from(proof), Buffer.from(proofOf(id))]
    return one.length === other.length && timingSafeEqual(one, other) ? id : null
  }
  return {
    of(as: string | null): { id: string; as: string } {
      const id = idIn(as) ?? randomUUID()
      return { id, as: `${id}.${proofOf(id)}` }
    },
  }
}
