/** The gate's internal HTTP interface: the edge's checks, and the platform's paths on instance hosts. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import {
  APP_ENTER_PATH,
  APP_LAUNCH_PATH,
  CHECK_REQUEST_HEADERS,
  GATE_PATH,
  type Hosts,
  type InstanceId,
  isLeaving,
  NOTHING_HERE,
  PLATFORM_PATH,
  PREVIEW_PICTURE,
} from '@matrixos/shared'
import type { Sessions } from '../auth/sessions/service.ts'
import { AppError, toAppError } from '../errors.ts'
import type { EventStreams } from '../http/event-streams.ts'
import type { Log } from '../log.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { TenantService } from '../tenants/service.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { SIGN_IN_TO_OPEN } from '../texts.ts'
import type { AppLaunch } from './app-launch.ts'
import { type CheckRequest, readCheckRequest } from './check-request.ts'
import { type CheckResponse, type CheckResponses, problem } from './check-response.ts'
import { type EntranceOptions, entranceOf } from './entrance.ts'
import { type HandOff, isRelativePath } from './hand-off.ts'
import { page } from './pages.ts'
import { progressStream } from './progress.ts'
import type { Gate } from './service.ts'
import type { ViewerOf } from './viewer.ts'
import { within } from './within.ts'

export interface GateListenerOptions extends EntranceOptions {
  hosts: Hosts
  gate: Gate
  handOff: Pick<HandOff, 'callback'>
  appLaunch: AppLaunch
  viewerOf: ViewerOf
  responses: CheckResponses
  sessions: Pick<Sessions, 'stream'>
  cache: Pick<InstanceCache, 'get' | 'ofHandle'>
  tenants: Pick<TenantService, 'rows'>
  /** Its place in the line for memory, in words. */
  lineOf: (row: InstanceRow) => string | null
  streams: Pick<EventStreams, 'deadline'>
  /** `null`: no picture of it may be shown to anyone. */
  previewPicture: PreviewPicture
  log: Log
  /** How long a request is held. */
  holdMs: number
}

/** Reads what link previews show of a published app. */
export type PreviewPicture = (
  instanceId: InstanceId,
  app: string,
) => Promise<{ headers: Record<string, string>; body: Uint8Array } | null>

/** On an app's host, for anyone; it wakes nothing. */
const PREVIEW_PICTURE_PATH = `${PLATFORM_PATH}${PREVIEW_PICTURE}`

const PUBLISH_PATH = `${PLATFORM_PATH}publish`

/** Pages of the platform that instances link to without knowing its address. */
const PAGES: Record<string, string> = {
  [`${PLATFORM_PATH}dashboard`]: '',
  [`${PLATFORM_PATH}credits`]: '/settings/credits',
  [`${PLATFORM_PATH}more-credits`]: '/settings/credits?open=request',
  [`${PLATFORM_PATH}own-key`]: '/settings/credits?open=key',
  [PUBLISH_PATH]: '/publish',
}

export function createGateListener(options: GateListenerOptions): RequestListener {
  const { hosts, gate, handOff, viewerOf, responses, sessions, cache, streams, log, holdMs } = options
  const read = ({ headers }: IncomingMessage): CheckRequest => readCheckRequest(headers, hosts)
  /** What is asked of the platform's own paths, which edges pass on as they are. */
  const readOwn = (request: IncomingMessage): CheckRequest => ({
    ...read(request),
    method: request.method ?? 'GET',
    uri: request.url ?? '/',
  })

  function refusal(check: CheckRequest, error: unknown): CheckResponse {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, code: known.code }, 'gate request failed')
    return responses.refused(check, known.toBody())
  }

  async function ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const check = read(request)
    const answer = gate(check, gone.signal)
    send(response, await answer.catch((error: unknown) => refusal(check, error)))
  }

  async function callback(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const check = readOwn(request)
    const query = { ticket: url.searchParams.get('ticket') ?? '', rt: url.searchParams.get('rt') ?? '/' }
    try {
      const work = handOff.callback(check, query)
      const { cookies, location } = await within(holdMs, work)
      const headers = {
        location,
        'set-cookie': cookies,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      }
      response.writeHead(303, headers).end()
    } catch (error) {
      // A database that does not answer says nothing about the link.
      if (!(error instanceof AppError) || error.code !== 'ticket_invalid') throw error
      // A link that was used before, met again by the Back button: whoever is signed in here just goes on.
      if (isRelativePath(query.rt) && (await within(holdMs, viewerOf(check)))) {
        return void response.writeHead(303, { location: query.rt, 'cache-control': 'no-store' }).end()
      }
      const link = { href: '/', text: `Open this ${check.app === null ? 'computer' : 'app'}` }
      const nonce = crypto.randomUUID()
      const { framedBy } = check
      const made = page({ title: 'This link no longer works', text: error.message, link, nonce, framedBy })
      send(response, { status: error.httpStatus, ...made })
    }
  }

  async function progress(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // First: who leaves while the session is looked up leaves no stream behind.
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const check = readOwn(request)
    const viewer = await viewerOf(check)
    const row = viewer && cache.get(viewer.instanceId)
    const entrance = row ? entranceOf(viewer, row, check.app, options) : null
    if (!row || !entrance?.person) return send(response, problem('unauthorized', SIGN_IN_TO_OPEN))
    const late = streams.deadline()
    const open = sessions.stream(viewer.sessionId, AbortSignal.any([gone.signal, late]))
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    // Ends the source as well, when the client leaves or either side fails.
    const isOwner = entrance.role === 'owner'
    pipeline(progressStream({ ...options, row, isOwner, open, late }), response, () => undefined)
  }

  /** Of the hand-off to apps: each path is there on one of the two kinds of hosts alone. `null`: neither. */
  async function appPath(request: IncomingMessage, url: URL): Promise<CheckResponse | null> {
    if (request.method !== 'GET') return null
    const check = readOwn(request)
    if (url.pathname === APP_LAUNCH_PATH && check.app === null)
      return within(holdMs, options.appLaunch(check))
    if (url.pathname !== APP_ENTER_PATH || check.app === null) return null
    const handle = hosts.hostedAt(check.host)?.handle ?? ''
    return responses.signIn({ ...check, uri: url.searchParams.get('rt') ?? '/' }, handle)
  }

  async function previewPicture(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = hosts.hostedAt(read(request).host)
    const row = at && cache.ofHandle(at.handle)
    const isServed = row && !row.isSuspended && !isLeaving(row.desired)
    const work = isServed && at.app !== null ? options.previewPicture(row.id, at.app) : null
    const picture = work && (await within(holdMs, work))
    if (!picture) return send(response, problem('not_found', NOTHING_HERE))
    response.writeHead(200, picture.headers).end(picture.body)
  }

  /** For the page that publishes an app. Whose computer it is, the host says: somebody else who follows the link is told so. */
  function publishQuery(request: IncomingMessage, { searchParams }: URL): string {
    const handle = hosts.hostedAt(readOwn(request).host)?.handle
    return `?${new URLSearchParams({ ...Object.fromEntries(searchParams), ...(handle && { handle }) })}`
  }

  async function platformPath(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', hosts.appOrigin)
    if (url.pathname === PREVIEW_PICTURE_PATH && request.method === 'GET')
      return previewPicture(request, response)
    const ofApps = await appPath(request, url)
    if (ofApps) return send(response, ofApps)
    if (url.pathname === `${PLATFORM_PATH}cb` && request.method === 'GET')
      return callback(request, response, url)
    const linked = Object.hasOwn(PAGES, url.pathname) ? PAGES[url.pathname] : undefined
    if (linked !== undefined) {
      const query = url.pathname === PUBLISH_PATH ? publishQuery(request, url) : ''
      const location = `${hosts.appOrigin}${linked}${query}`
      return void response.writeHead(302, { location, 'cache-control': 'no-store' }).end()
    }
    if (url.pathname === `${PLATFORM_PATH}progress`) return progress(request, response)
    send(response, problem('not_found', NOTHING_HERE))
  }

  const settle = (request: IncomingMessage, response: ServerResponse, work: Promise<void>) =>
    void work.catch((error: unknown) => send(response, refusal(readOwn(request), error)))

  return (request, response) => {
    const path = request.url ?? '/'
    // A client's bare `?` stays behind the edge's own path.
    const isGatePath = path === GATE_PATH || path.startsWith(`${GATE_PATH}?`)
    // Edges alone can send this header. A visitor's own request for that path may get here on a connection that Caddy
    // took for the instance's (see `answersInTimeAnew` in the edge).
    if (isGatePath && CHECK_REQUEST_HEADERS.upgrade in request.headers)
      settle(request, response, ask(request, response))
    else if (path.startsWith(PLATFORM_PATH)) settle(request, response, platformPath(request, response))
    else send(response, problem('not_found', NOTHING_HERE))
  }
}

export function send(response: ServerResponse, { status, headers, body }: CheckResponse): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, headers).end(body)
}
