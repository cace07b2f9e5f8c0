/**
 * Which requests there are: method, path, and who may. Everything that changes something has to come from the page
 * itself: with its origin, and with a header that another site's page would need leave to send.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Settings } from '../env.ts'
import { describeError, describeRequest, type Log } from '../log.ts'
import { REQUEST_HEADER } from '../protocol.ts'
import { sendJson } from './pages.ts'
import { problemOf } from './problem.ts'
import { isOwnOrigin } from './trust.ts'
import type { Visitor } from './visitor.ts'

export interface Ask {
  request: IncomingMessage
  response: ServerResponse
  visitor: Visitor
  query: URLSearchParams
  /** What stood in the place of `:id`; `''` where the path has none. */
  id: string
}

export interface Route {
  /** `GET` answers HEAD as well: Node leaves the body out. */
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Whole, or with `:id` for one part. */
  path: string
  who: 'owner' | 'everybody'
  /** What it rejects with is told in plain words: see `RequestProblem`. */
  serve(ask: Ask): Promise<void>
}

/** Resolves to whether it was answered; `path` is without the query. */
export type Dispatch = (
  request: IncomingMessage,
  response: ServerResponse,
  visitor: Visitor,
  path: string,
) => Promise<boolean>

/** Answers in JSON, with what `respond` resolves to. */
export const answering = (
  to: Pick<Route, 'method' | 'path' | 'who'>,
  respond: (ask: Ask) => Promise<object>,
): Route => ({ ...to, serve: async (ask) => sendJson(ask.response, 200, await respond(ask)) })

export interface RouterOptions {
  settings: Pick<Settings, 'externalOrigin'>
  log: Log
}

export function createRouter(routes: readonly Route[], { settings, log }: RouterOptions): Dispatch {
  return async (request, response, visitor, path) => {
    const found = routes.flatMap((route) => {
      const id = match(route.path, path)
      return id === null ? [] : [{ route, id }]
    })
    if (found.length === 0) return false
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const chosen = found.find(({ route }) => route.method === method)
    const refusal = chosen ? refusalOf(chosen.route, request, visitor, settings) : null
    if (!chosen) {
      response.setHeader('allow', found.map(({ route }) => route.method).join(', '))
      sendJson(response, 405, { message: 'That cannot be done with this address.' })
    } else if (refusal) {
      sendJson(response, 403, { message: refusal })
    } else {
      const query = new URL(request.url ?? '/', 'http://instance').searchParams
      const ask = { request, response, visitor, query, id: chosen.id }
      await chosen.route.serve(ask).catch((error) => explain(error, ask, log))
    }
    return true
  }
}

function refusalOf(
  { method, who }: Route,
  request: IncomingMessage,
  visitor: Visitor,
  settings: Pick<Settings, 'externalOrigin'>,
): string | null {
  if (who === 'owner' && visitor.role !== 'owner') return 'Only the owner of this computer can do this.'
  if (method === 'GET') return null
  const isOurs = isOwnOrigin(request, settings) && request.headers[REQUEST_HEADER] === '1'
  return isOurs ? null : 'Only this computer’s own page can do this.'
}

/** The part that `:id` stands for, `''` where there is none; `null` where the path is another. */
function match(pattern: string, path: string): string | null {
  const parts = path.split('/')
  const wanted = pattern.split('/')
  if (parts.length !== wanted.length) return null
  const place = wanted.indexOf(':id')
  if (!wanted.every((part, i) => i === place || part === parts[i])) return null
  return place < 0 ? '' : (parts[place] ?? '') || null
}

/** The routes below a path, loaded when the first of them is asked for. */
export function lazyRoom(prefix: string, load: () => Promise<Dispatch>): Dispatch {
  return async (request, response, visitor, path) =>
    path.startsWith(prefix) && (await (await load())(request, response, visitor, path))
}

/** Tells in plain words what went wrong. A client that has left is told nothing. */
function explain(error: unknown, { request, response, query }: Ask, log: Log): void {
  if (response.destroyed || request.errored) return void response.destroy()
  const { status, problem } = problemOf(error, query.get('path') || undefined)
  if (status === 500) log('request failed', { ...describeRequest(request), ...describeError(error) })
  // Whoever still sends is owed the answer: what was left of the body is read and dropped.
  request.resume()
  if (response.headersSent) response.destroy()
  else sendJson(response, status, problem)
}
