/** The edge's environment: the only reader of `process.env` in this app. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PASS_S, readEnvironment, SINGLE } from '@matrixos/shared'
import { z } from 'zod'
import { parseRanges } from './policy/forwarded.ts'
import { LIMITS } from './policy/limits.ts'

const LISTEN = /^(\[[0-9a-f:]+\]|[^:/\s]*):\d{1,5}$/i

/** Caddy also takes a socket that its parent opened: `fd/3`. */
const PUBLIC_LISTEN = new RegExp(`${LISTEN.source}|^fd/\\d+$`, 'i')

const schema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().min(1).optional(),
  SINGLE,
  DATA_DIR: z.string().min(1).default('data'),
  RUN_DIR: z.string().min(1).optional(),
  EDGE_TOKEN: z.string().min(32, 'Expected the secret of at least 32 characters that the api also uses.'),
  EDGE_DRIVER: z.enum(['embedded', 'caddy']).default('embedded'),
  EDGE_LISTEN: z.string().regex(PUBLIC_LISTEN, 'Expected host:port, for example 127.0.0.1:8080.').optional(),
  EDGE_TLS: z.enum(['off', 'internal', 'on_demand']).default('off'),
  TRUSTED_PROXIES: z.string().default('').transform(trustedProxies),
  EDGE_CONNECTIONS_PER_NETWORK: z.coerce.number().int().min(1).default(LIMITS.connectionsPerNetwork),
  /** How long the api's gate holds a request: the edge waits longer than that for any answer. */
  WAKE_HOLD_S: z.coerce.number().min(0.1).max(2_000_000).default(30),
  /** How long the api lets a pass count. */
  PASS_S,
  /** Loopback address of the listener that answers Caddy's question for which hosts it may get a certificate. */
  EDGE_ASK_LISTEN: z.string().regex(LISTEN, 'Expected host:port.').default('127.0.0.1:2021'),
  CADDY_ADMIN: z.string().min(1).optional(),
  CADDY_BIN: z.string().min(1).optional(),
  /** Memory that old Caddy configurations may hold while streams that began in them are open. */
  CADDY_STREAM_MEMORY_BYTES: z.coerce.number().int().min(16_777_216).default(67_108_864),
  IN_FLIGHT_INTERVAL_MS: z.coerce.number().int().min(100).max(60_000).default(2000),
  RESYNC_MS: z.coerce.number().int().min(1000).max(3_600_000).default(30_000),
  /** The platform's homeserver. In the clear: it is this machine, or a network of its own. */
  HOMESERVER_URL: z.url({ protocol: /^http$/, error: 'Expected http://HOST:PORT.' }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

function trustedProxies(text: string, context: z.RefinementCtx): string[] {
  const ranges = parseRanges(text)
  if (ranges) return ranges
  context.addIssue(
    'Expected addresses or CIDR ranges, separated by commas, for example 10.0.0.5,fd00:1::/64, and no range that covers every address.',
  )
  return z.NEVER
}

/** Throws an Error that names every variable that is wrong and what was expected; values are never shown. */
export function readEnv(source: NodeJS.ProcessEnv = process.env) {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const env = readEnvironment({ schema, source, who: 'The edge', readFile })
  if (env.EDGE_DRIVER === 'embedded' && env.EDGE_TLS !== 'off')
    throw new Error('EDGE_TLS needs EDGE_DRIVER=caddy: the embedded edge speaks plain HTTP only.')
  if (env.EDGE_DRIVER === 'embedded' && env.EDGE_LISTEN?.startsWith('fd/'))
    throw new Error(
      'EDGE_LISTEN=fd/… needs EDGE_DRIVER=caddy. Expected host:port, for example 127.0.0.1:8080.',
    )
  const dataDir = resolve(env.DATA_DIR)
  const runDir = resolve(env.RUN_DIR ?? join(dataDir, 'run'))
  return {
    ...env,
    DATA_DIR: dataDir,
    RUN_DIR: runDir,
    EDGE_LISTEN: env.EDGE_LISTEN ?? defaultListen(env.PUBLIC_URL),
    CADDY_ADMIN: env.CADDY_ADMIN ?? `unix/${join(runDir, 'caddy-admin.sock')}`,
  }
}

/** Without `EDGE_LISTEN`: this machine only, at the port of `PUBLIC_URL`. */
function defaultListen(publicUrl: string): string {
  const url = new URL(publicUrl)
  return `127.0.0.1:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
}

export type Env = ReturnType<typeof readEnv>
