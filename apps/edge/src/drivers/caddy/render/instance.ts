/** The named route `instance`: asks the gate, proxies where it says, and asks once more when nobody is there. */

import { CHECK_REQUEST_HEADERS, CHECK_RESPONSE_HEADERS, GATE_PATH, PASS_HEADERS } from '@matrixos/shared'
import {
  DROPPED_FROM_QUESTION,
  framePolicy,
  IDENTITY,
  LEADING_SEPARATOR_PATTERN,
  ONLY_PLATFORM_COOKIES_PATTERN,
  PLATFORM_COOKIE_PATTERN,
  REFUSED_SET_COOKIE_PATTERN,
} from '../../../policy/headers.ts'
import type { Limits } from '../../../policy/limits.ts'
import { GATE_PATTERN } from '../../../policy/paths.ts'
import { endAfterAnswer, lingering } from './deadlines.ts'
import {
  answersInTimeAnew,
  errorRoutes,
  limitBody,
  onlyPlatformCookies,
  proxyTo,
  proxyToService,
  unavailable,
  unixDial,
  uriMatches,
} from './parts.ts'
import { tellPass } from './pass-offer.ts'
import type { CaddyRoute, Handler } from './types.ts'

/** Caddy sets these placeholders with Go's spelling of a header. */
const canonical = (name: string) => name.replace(/(^|-)[a-z]/g, (part) => part.toUpperCase())
const answer = (name: string) => `{http.reverse_proxy.header.${canonical(name)}}`
const anyCase = (pattern: string) => `(?i)${pattern}`

/** Set when the gate has answered 2xx: what fails after that is the instance. */
const ASKED = 'mos_asked'
/** Stands for a header in a list of deletions when that header is to stay. */
const NOTHING = 'X-Mos-Nothing'

/** The gate's sub-request has no body, so that the client's is still whole for the instance. */
function askGate({ gateSocket, forwarded, limits, passes }: InstanceRouteOptions, failed: boolean): Handler {
  return proxyTo(unixDial(gateSocket), {
    ...answersInTimeAnew(limits),
    // The `?` clears the query, which is in the forwarded URI.
    rewrite: { method: 'GET', uri: `${GATE_PATH}?` },
    headers: {
      request: {
        set: {
          ...forwarded,
          [canonical(CHECK_REQUEST_HEADERS.method)]: ['{http.request.method}'],
          [canonical(CHECK_REQUEST_HEADERS.uri)]: ['{http.request.uri}'],
          [canonical(CHECK_REQUEST_HEADERS.upgrade)]: ['{mos.upgrade}'],
          ...(passes ? { [canonical(PASS_HEADERS.wanted)]: ['1'] } : {}),
          ...(failed ? { [canonical(CHECK_REQUEST_HEADERS.failed)]: ['1'] } : {}),
        },
        delete: DROPPED_FROM_QUESTION.map(canonical),
        replace: onlyPlatformCookies,
      },
    },
    handle_response: [
      { match: { status_code: [2] }, routes: [{ handle: [{ handler: 'vars', [ASKED]: '1' }] }] },
      { routes: [{ handle: [endAfterAnswer(limits), { handler: 'copy_response' }] }] },
    ],
  })
}

/** A placeholder that names `header` when `source` is as said, so that a deletion list can hold the placeholder. */
const dropWhen = (header: string, source: string, when: Record<string, string>): Handler => ({
  handler: 'map',
  source,
  destinations: [`{mos.drop.${header}}`],
  mappings: [{ ...when, outputs: [canonical(header)] }],
  defaults: [NOTHING],
})

interface Destination {
  dial: string
  /** Headers of the contract, in any case, and what they are set to. */
  identity: Record<string, string>
  /** Headers that the instance does not get; may be placeholders. */
  drop: readonly string[]
}

/** Identity comes last, in the proxy itself: `Connection: X-Mos-User` cannot strip what is set after it is read. */
export function towardsInstance(
  { appOrigin, forwarded }: Pick<InstanceRouteOptions, 'appOrigin' | 'forwarded'>,
  { dial, identity, drop }: Destination,
): Handler[] {
  const set = Object.entries(identity).map(([name, value]) => [canonical(name), [value]])
  return [
    dropWhen('cookie', '{http.request.header.Cookie}', {
      input_regexp: anyCase(ONLY_PLATFORM_COOKIES_PATTERN),
    }),
    instanceResponse(appOrigin),
    proxyTo(dial, {
      headers: {
        request: {
          set: { ...forwarded, ...Object.fromEntries(set) },
          delete: [...drop, '{mos.drop.cookie}'],
          replace: {
            Cookie: [
              { search_regexp: anyCase(PLATFORM_COOKIE_PATTERN), replace: '' },
              { search_regexp: LEADING_SEPARATOR_PATTERN, replace: '' },
            ],
          },
        },
      },
    }),
  ]
}

/** Where the gate says, as whom it says. */
const proxyToInstance = (options: InstanceRouteOptions): Handler[] => [
  ...(options.passes ? [tellPass(answer(PASS_HEADERS.cookie))] : []),
  ...IDENTITY.map(({ name, from }) => dropWhen(name, answer(from), {})),
  ...towardsInstance(options, {
    dial: answer(CHECK_RESPONSE_HEADERS.upstream),
    identity: Object.fromEntries(IDENTITY.map(({ name, from }) => [name, answer(from)])),
    drop: IDENTITY.map(({ name }) => `{mos.drop.${name}}`),
  }),
]

/** Deferred and around the proxy, since the proxy's own response rules do not touch a WebSocket's 101. */
const instanceResponse = (appOrigin: string): Handler => ({
  handler: 'headers',
  response: {
    deferred: true,
    add: { 'Content-Security-Policy': [framePolicy(appOrigin)] },
    // Trailers go with their announcement. Caddy sends on what was not announced; browsers take no cookie from it.
    delete: ['Clear-Site-Data', 'Trailer'],
    // Caddy cannot delete one of several values: an empty one is left, which browsers ignore (RFC 6265bis, 5.7).
    replace: { 'Set-Cookie': [{ search_regexp: anyCase(REFUSED_SET_COOKIE_PATTERN), replace: '' }] },
  },
})

const upgradeName: Handler = {
  handler: 'map',
  source: '{http.request.header.Upgrade}',
  destinations: ['{mos.upgrade}'],
  mappings: [{ input_regexp: '(?i)^websocket$', outputs: ['websocket'] }],
  defaults: [''],
}

/**
 * Reads may be repeated, and anything whose connection was never made, since nobody has read it. One condition per
 * matcher: Caddy is satisfied with any one of several keys in `vars`. `also`: another condition of both.
 */
export function unreachable(also: Record<string, unknown>): Array<Record<string, unknown>> {
  const failed = { '{http.error.status_code}': { name: 'status', pattern: '^50[234]$' } }
  const neverRead = { '{http.error}': { name: 'dial', pattern: '\\bdial (tcp|unix)' } }
  return [
    { ...also, vars_regexp: failed, method: ['GET', 'HEAD'] },
    { ...also, vars_regexp: neverRead },
  ]
}

export interface InstanceRouteOptions {
  gateSocket: string
  appOrigin: string
  /** Headers that say who the client is, where Caddy's own would name a proxy. */
  forwarded: Record<string, string[]>
  limits: Limits
  /** Whether this edge reads passes. */
  passes: boolean
}

export function renderInstanceRoute(options: InstanceRouteOptions): CaddyRoute {
  const attempt = (failed: boolean): CaddyRoute => ({
    handle: [askGate(options, failed), ...proxyToInstance(options)],
  })
  const errors = { routes: lingering(options.limits, [{ handle: [unavailable] }]) }
  const again = { handler: 'subroute', routes: [attempt(true)], errors }
  return {
    handle: [
      {
        handler: 'subroute',
        routes: [
          {
            match: [uriMatches(GATE_PATTERN)],
            handle: [
              ...limitBody(options.limits),
              proxyToService(options.gateSocket, options.forwarded, options.limits),
            ],
            terminal: true,
          },
          { handle: [upgradeName] },
          attempt(false),
        ],
        errors: {
          routes: [
            { match: unreachable({ vars: { [ASKED]: ['1'] } }), handle: [again], terminal: true },
            ...errorRoutes(options.limits),
          ],
        },
      },
    ],
  }
}
