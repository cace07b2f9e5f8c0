/**
 * Passes in Caddy's configuration: whoever holds one goes straight to the instance, and the gate is asked about everybody
 * else. The shape of the cookie comes first, so that nothing in it can lead to another file; then the file itself, of
 * exactly this host and value, which the gate lays and takes away.
 */

import { type Hosts, INSTANCE_HEADERS, PASS_COOKIE, PASS_PATTERN } from '@matrixos/shared'
import { IDENTITY } from '../../../policy/headers.ts'
import type { Limits } from '../../../policy/limits.ts'
import { GATE_PATTERN } from '../../../policy/paths.ts'
import { type InstanceRouteOptions, towardsInstance, unreachable } from './instance.ts'
import { errorRoutes, uriMatches } from './parts.ts'
import type { CaddyRoute, Handler } from './types.ts'

const NAME = 'mos_pass'
const VALUE = `{http.request.cookie.${PASS_COOKIE}}`
const part = (group: number) => `{http.regexp.${NAME}.${group}}`

/** What the gate would say of an owner, and what it would leave empty. */
const OWNERS: Record<string, string> = {
  [INSTANCE_HEADERS.user]: part(1),
  [INSTANCE_HEADERS.role]: 'owner',
  [INSTANCE_HEADERS.platformUserId]: part(2),
}

const NOT_OWNERS = IDENTITY.map(({ name }) => name).filter((name) => !(name in OWNERS))

export interface PassRouteOptions extends Omit<InstanceRouteOptions, 'passes'> {
  hosts: Pick<Hosts, 'instanceHost'>
  /** Where the passes lie; readable for Caddy, as a folder of this very machine. */
  passFolder: string
  limits: Limits
}

/**
 * In two steps, since Caddy tries the matchers of one step in any order: only what looks like a pass costs a look at the
 * folder. WebSockets go by the gate, which counts them.
 */
export function renderPassRoute(options: PassRouteOptions): CaddyRoute {
  const { hosts, passFolder, limits } = options
  const to = { dial: `${part(3)}:${part(4)}`, identity: OWNERS, drop: NOT_OWNERS }
  const direct: Handler = {
    handler: 'subroute',
    routes: [{ handle: towardsInstance(options, to) }],
    errors: {
      routes: [
        { match: unreachable({}), handle: [{ handler: 'invoke', name: 'instance' }], terminal: true },
        ...errorRoutes(limits),
      ],
    },
  }
  return {
    '@id': 'mos-pass',
    match: [
      {
        host: [hosts.instanceHost('*')],
        header: { 'Sec-Fetch-Site': ['same-origin', 'none'] },
        vars_regexp: { [VALUE]: { name: NAME, pattern: PASS_PATTERN } },
        not: [{ header: { Upgrade: ['*'] } }, uriMatches(GATE_PATTERN)],
      },
    ],
    handle: [
      {
        handler: 'subroute',
        routes: [
          {
            match: [{ file: { root: passFolder, try_files: [`/{http.request.host}/${VALUE}`] } }],
            handle: [direct],
            terminal: true,
          },
        ],
      },
    ],
  }
}
