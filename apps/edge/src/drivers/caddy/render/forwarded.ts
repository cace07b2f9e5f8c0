/** What services and instances are told of the client, where trusted proxies stand before Caddy. */

import type { EdgeOptions } from '../../../driver.ts'
import { FORWARDED_FOR_PATTERN } from '../../../policy/forwarded.ts'
import { BAD_PROXY } from '../../../policy/texts.ts'
import { lingerBriefly } from './deadlines.ts'
import { text } from './parts.ts'
import type { CaddyRoute } from './types.ts'

/** Caddy's word for whether the peer is one of the trusted proxies. */
const TRUSTED = '{http.vars.trusted_proxy}'
/** That, and what the peer says of the protocol: read before the headers that say it are deleted. */
const SAID = 'mos_forwarded'
const PROTOCOL = '{mos.protocol}'

type Options = Pick<EdgeOptions, 'hosts' | 'trustedProxies' | 'limits'>

/** Keys of the server: Caddy reads the client's address before any route. */
export const forwardedServer = ({ trustedProxies }: Options): Record<string, unknown> =>
  trustedProxies.length === 0
    ? {}
    : {
        trusted_proxies: { source: 'static', ranges: trustedProxies },
        trusted_proxies_strict: 1,
        client_ip_headers: ['X-Forwarded-For'],
      }

/** These come before the headers of clients are deleted. */
export function forwardedRoutes({ hosts, trustedProxies, limits }: Options): CaddyRoute[] {
  if (trustedProxies.length === 0) return []
  const header = '{http.request.header.X-Forwarded-For}'
  return [
    {
      '@id': 'mos-forwarded',
      handle: [
        { handler: 'vars', [SAID]: `${TRUSTED} {http.request.header.X-Forwarded-Proto}` },
        {
          handler: 'map',
          source: `{http.vars.${SAID}}`,
          destinations: [PROTOCOL],
          mappings: [
            { input_regexp: '(?i)^true (?:.*,)?\\s*https\\s*$', outputs: ['https'] },
            { input_regexp: '(?i)^true (?:.*,)?\\s*http\\s*$', outputs: ['http'] },
            { input_regexp: '^true ', outputs: [hosts.protocol.replace(':', '')] },
          ],
          defaults: ['{http.request.scheme}'],
        },
      ],
    },
    {
      '@id': 'mos-forwarded-malformed',
      match: [
        {
          vars: { [TRUSTED]: ['true'] },
          not: [{ vars_regexp: { [header]: { pattern: FORWARDED_FOR_PATTERN } } }],
        },
      ],
      handle: [lingerBriefly(limits), { ...text(400, BAD_PROXY), close: true }],
      terminal: true,
    },
  ]
}

/** Headers that each proxy sets; without trusted proxies Caddy's own are right. */
export const forwardedHeaders = ({ trustedProxies }: Options): Record<string, string[]> =>
  trustedProxies.length === 0
    ? {}
    : { 'X-Forwarded-For': ['{http.vars.client_ip}'], 'X-Forwarded-Proto': [PROTOCOL] }
