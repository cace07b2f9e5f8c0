/** The static server's environment: the only reader of `process.env` in this app. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hostsFrom, readEnvironment, SINGLE } from '@matrixos/shared'
import { z } from 'zod'

const schema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().min(1).optional(),
  SINGLE,
  DATA_DIR: z.string().min(1).default('data'),
  RUN_DIR: z.string().min(1).optional(),
  /** The platform's homeserver, and where people's own clients reach it. */
  HOMESERVER_URL: z.url({ protocol: /^https?$/ }).optional(),
  HOMESERVER_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Whether it talks to other homeservers. */
  HOMESERVER_FEDERATION: z.enum(['0', '1']).default('0'),
  /** A socket's path, or `host:port`. */
  SPA_LISTEN: z.string().min(1).optional(),
})

const HOST_AND_PORT = /^([^/]+):(\d{1,5})$/

export type Listen = { path: string } | { host: string; port: number }

export function parseListen(text: string): Listen {
  const match = HOST_AND_PORT.exec(text)
  return match ? { host: match[1] ?? '', port: Number(match[2]) } : { path: resolve(text) }
}

/** Throws an Error that names every variable that is wrong and what was expected; values are never shown. */
export function readEnv(source: NodeJS.ProcessEnv = process.env) {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const env = readEnvironment({ schema, source, who: "The web pages' server", readFile })
  const { DATA_DIR, RUN_DIR, SPA_LISTEN } = env
  const runDir = resolve(RUN_DIR ?? join(DATA_DIR, 'run'))
  const hosts = hostsFrom(env)
  const hasHomeserver = env.HOMESERVER_URL !== undefined && !env.SINGLE
  return {
    hosts,
    homeserverUrl: hasHomeserver ? (env.HOMESERVER_PUBLIC_URL ?? hosts.matrixOrigin) : null,
    federates: env.HOMESERVER_FEDERATION === '1',
    isSingle: env.SINGLE,
    apiSocket: join(runDir, 'api.sock'),
    listen: parseListen(SPA_LISTEN ?? join(runDir, 'spa.sock')),
  }
}
