/** What Caddy needs beside the server to have certificates, by the kind of TLS. */
import { z } from 'zod'
import type { Tls } from '../../driver.ts'
import type { CaddyAdmin } from './admin.ts'
import type { RenderOptions } from './render/config.ts'
import { proxyTo, text, unixDial } from './render/parts.ts'

/** Where Caddy asks whether it may get a certificate for a host: the api, which knows the handles. */
export interface TlsOptions extends RenderOptions {
  /** Loopback `host:port`. Caddy asks over TCP only, so it asks itself, and hands on to the service socket. */
  askListen: string
}

const POLICY_ID = 'mos-tls'
const ASK_PATH = '/ask'

interface Part {
  path: string
  value: unknown
}

/** In the order in which they are to be written. */
export function renderTls(options: TlsOptions): Part[] {
  const byKind: Record<Tls, () => Part[]> = {
    off: () => [],
    internal: () => [
      // Else Caddy asks for the administrator's password, to make this machine trust it.
      { path: '/config/apps/pki', value: { certificate_authorities: { local: { install_trust: false } } } },
      { path: '/config/apps/tls', value: internal(options) },
    ],
    on_demand: () => [
      { path: '/config/apps/http/servers/mos-ask', value: askServer(options) },
      { path: '/config/apps/tls', value: onDemand(options) },
    ],
  }
  return byKind[options.tls]()
}

/** Names that are known from the start; one wildcard is for all instances and their apps. */
function internal({ hosts }: TlsOptions) {
  const subjects = [...new Set([hosts.domain, hosts.app, hosts.api, `*.${hosts.instanceDomain}`])]
  return {
    certificates: { automate: subjects },
    automation: { policies: [{ '@id': POLICY_ID, subjects, issuers: [{ module: 'internal' }] }] },
  }
}

const onDemand = ({ askListen }: TlsOptions) => ({
  automation: {
    policies: [{ '@id': POLICY_ID, on_demand: true }],
    on_demand: { permission: { module: 'http', endpoint: `http://${askListen}${ASK_PATH}` } },
  },
})

const askServer = ({ askListen, sockets }: TlsOptions) => ({
  listen: [askListen],
  automatic_https: { disable: true },
  routes: [
    { match: [{ path: [ASK_PATH] }], handle: [proxyTo(unixDial(sockets.service))] },
    { handle: [text(404, '')] },
  ],
})

const servedBefore = z.looseObject({ automation: z.looseObject({ policies: z.array(z.looseObject({})) }) })

/** Writes what is missing. Throws when this Caddy has certificates of its own that are not ours to change. */
export async function ensureTls(admin: CaddyAdmin, parts: readonly Part[]): Promise<void> {
  for (const { path, value } of parts) {
    const live = await admin.read(path)
    if (!live) await admin.write('PUT', path, value)
    else if (path === '/config/apps/tls' && !hasOurPolicy(live.value))
      throw new Error(
        `This Caddy has TLS settings of its own. Set EDGE_TLS=off and add certificates there, or add a policy with ` +
          `"@id": "${POLICY_ID}" to them. See caddy/README.md.`,
      )
  }
}

const hasOurPolicy = (value: unknown): boolean =>
  servedBefore.safeParse(value).data?.automation.policies.some((policy) => policy['@id'] === POLICY_ID) ??
  false
