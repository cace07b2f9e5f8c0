/** Turns flags and environment into one complete description of the system to run. */
import { resolve } from 'node:path'
import { UserError } from '@matrixos/host/root'
import { z } from 'zod'
import type { Flags } from './flags.ts'

const schema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().optional(),
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
})

export interface Settings {
  publicUrl: string
  instanceDomain: string
  listen: { host: string; port: number }
  dataDir: string
  /** Where RUN_DIR was asked to be, if it was. */
  runDir: string | null
  runtime: 'process' | 'docker'
  edge: 'embedded' | 'caddy'
  /** `null`: PGlite. `note` says which PostgreSQL was chosen, when nobody named one. */
  database: { env: Record<string, string>; note: string | null } | null
}

const LOCAL_POSTGRES = 'postgres://matrixos@127.0.0.1:5432/matrixos'

export interface SettingsSource {
  flags: Flags
  env: NodeJS.ProcessEnv
  /** Folder that relative paths start from. */
  cwd: string
  /** File with the URL of the database that `npm run setup:real` made, or `null`. */
  localPostgresFile: string | null
}

/** Throws a UserError that names each wrong variable and what was expected. */
export function settle({ flags, env, cwd, localPostgresFile }: SettingsSource): Settings {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new UserError(`The platform cannot start with this environment:\n${lines.join('\n')}`)
  }
  const given = parsed.data
  const publicUrl = flags.port === undefined ? given.PUBLIC_URL : `http://localhost:${flags.port}`
  const listen = flags.port === undefined ? given.EDGE_LISTEN : undefined
  return {
    publicUrl: new URL(publicUrl).origin,
    instanceDomain: given.INSTANCE_DOMAIN ?? new URL(publicUrl).hostname,
    listen: listenOf(listen ?? `127.0.0.1:${localPortOf(publicUrl)}`),
    dataDir: resolve(cwd, given.DATA_DIR),
    runDir: given.RUN_DIR === undefined ? null : resolve(cwd, given.RUN_DIR),
    runtime: flags.docker ? 'docker' : given.RUNTIME,
    edge: flags.caddy ? 'caddy' : given.EDGE_DRIVER,
    database: databaseOf(given, flags.postgres, localPostgresFile),
  }
}

type Given = z.infer<typeof schema>

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
