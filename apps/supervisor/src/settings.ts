/** Turns flags and environment into one complete description of the system to run. */
import { resolve } from 'node:path'
import { UserError } from '@matrixos/host/root'
import { type AiProvider, aiProxyUrl, defaultAiListen, HOST_AND_PORT, SINGLE } from '@matrixos/shared'
import { z } from 'zod'
import type { Flags } from './flags.ts'

const schema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().optional(),
  SINGLE,
  DATA_DIR: z.string().default('data'),
  RUN_DIR: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_URL_FILE: z.string().optional(),
  RUNTIME: z.enum(['process', 'docker']).default('process'),
  EDGE_DRIVER: z.enum(['embedded', 'caddy']).default('embedded'),
  EDGE_LISTEN: z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[^:[\]]*):\d{1,5}$/, 'expected HOST:PORT, for example 127.0.0.1:8080')
    .optional(),
  DOCKER_SUBNET: z.string().optional(),
  AI_PROXY_LISTEN: z
    .string()
    .regex(HOST_AND_PORT, 'expected HOST:PORT, for example 127.0.0.1:8090')
    .optional(),
  AI_PROXY_URL: z.url({ protocol: /^https?$/ }).optional(),
})

export interface Settings {
  publicUrl: string
  /** One person's own computer, at the public URL itself. */
  single: boolean
  instanceDomain: string
  listen: { host: string; port: number }
  dataDir: string
  /** Where RUN_DIR was asked to be, if it was. */
  runDir: string | null
  runtime: 'process' | 'docker'
  edge: 'embedded' | 'caddy'
  /** `null`: PGlite. `note` says which PostgreSQL was chosen, when nobody named one. */
  database: { env: Record<string, string>; note: string | null } | null
  ai: {
    /** Of the AI proxy. */
    listen: { host: string; port: number }
    /** As instances reach it. */
    url: string
    /** Whose key the platform has; none: the demonstration model answers. */
    providers: AiProvider[]
  }
}

const LOCAL_POSTGRES = 'postgres://matrixos@127.0.0.1:5432/matrixos'

export interface SettingsSource {
  flags: Flags
  env: NodeJS.ProcessEnv
  /** Folder that relative paths start from. */
  cwd: string
  /** File with the URL of the database that `npm run setup:real` made, or `null`. */
  localPostgresFile: string | null
  providers: AiProvider[]
}

/** Throws a UserError that names each wrong variable and what was expected. */
export function settle({ flags, env, cwd, localPostgresFile, providers }: SettingsSource): Settings {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new UserError(`The platform cannot start with this environment:\n${lines.join('\n')}`)
  }
  const given = parsed.data
  const publicUrl = flags.port === undefined ? given.PUBLIC_URL : `http://localhost:${flags.port}`
  const asked = flags.port === undefined ? given.EDGE_LISTEN : undefined
  const listen = listenOf(asked ?? `127.0.0.1:${localPortOf(publicUrl)}`)
  const runtime = flags.docker ? 'docker' : given.RUNTIME
  const single = flags.single || given.SINGLE
  return {
    publicUrl: new URL(publicUrl).origin,
    single,
    instanceDomain: instanceDomainOf(given, publicUrl, single),
    listen,
    dataDir: resolve(cwd, given.DATA_DIR),
    runDir: given.RUN_DIR === undefined ? null : resolve(cwd, given.RUN_DIR),
    runtime,
    edge: flags.caddy ? 'caddy' : given.EDGE_DRIVER,
    database: databaseOf(given, flags.postgres, localPostgresFile),
    // One person has a key of their own, and says so in the settings: a key of a shell's environment is nobody's choice.
    ai: { ...aiPlace(given, runtime, listen.port), providers: single ? [] : providers },
  }
}

type Given = z.infer<typeof schema>

function instanceDomainOf(given: Given, publicUrl: string, single: boolean): string {
  const { hostname } = new URL(publicUrl)
  if (!single || given.INSTANCE_DOMAIN === undefined || given.INSTANCE_DOMAIN === hostname)
    return given.INSTANCE_DOMAIN ?? hostname
  throw new UserError(
    `INSTANCE_DOMAIN has no meaning with --single (SINGLE): the computer is at PUBLIC_URL itself, ${publicUrl}.`,
  )
}

/** Platforms on one machine differ in the port of their edge, so the proxy's goes with it. */
const FROM_EDGE_PORT = 10
const FIRST_OWN_PORT = 1024
const LAST_PORT = 65_535

function aiPlace(given: Given, runtime: Settings['runtime'], edgePort: number) {
  const next = edgePort + FROM_EDGE_PORT > LAST_PORT ? edgePort - FROM_EDGE_PORT : edgePort + FROM_EDGE_PORT
  const port = edgePort < FIRST_OWN_PORT ? undefined : next
  const place = { runtime, subnet: given.DOCKER_SUBNET, port }
  const listen = given.AI_PROXY_LISTEN ?? defaultAiListen(place)
  return { listen: listenOf(listen), url: given.AI_PROXY_URL ?? aiProxyUrl(listen, place) }
}

function databaseOf(given: Given, wanted: boolean, localFile: string | null): Settings['database'] {
  if (given.DATABASE_URL) return { env: { DATABASE_URL: given.DATABASE_URL }, note: null }
  if (given.DATABASE_URL_FILE)
    return { env: { DATABASE_URL_FILE: resolve(given.DATABASE_URL_FILE) }, note: null }
  if (!wanted) return null
  if (localFile) {
    return {
      env: { DATABASE_URL_FILE: localFile },
      note: 'DATABASE_URL is not set: using the database that "npm run setup:real" made',
    }
  }
  return { env: { DATABASE_URL: LOCAL_POSTGRES }, note: `DATABASE_URL is not set: trying ${LOCAL_POSTGRES}` }
}

/** A public URL on this machine names the port to listen on; any other one has a proxy or DNS before it. */
function localPortOf(publicUrl: string): number {
  const { hostname, port, protocol } = new URL(publicUrl)
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname.endsWith('.localhost')
  const ownPort = protocol === 'https:' ? 443 : 80
  return isLocal ? Number(port || ownPort) : 8080
}

function listenOf(text: string): Settings['listen'] {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

/** `HOST:PORT` as EDGE_LISTEN wants it. */
export const listenText = ({ host, port }: Settings['listen']): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`
