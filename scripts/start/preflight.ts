/** What must be true before anything is started, said at once and in plain words. */
import { existsSync } from 'node:fs'
import { UserError } from '../lib/root.ts'
import { CADDY_VERSION, caddyBinary, dockerAvailable, portAnswers } from '../setup-real/parts.ts'
import { assertPortFree } from './port-check.ts'
import type { Settings } from './settings.ts'

const SETUP = 'On Debian and Ubuntu, "npm run setup:real" installs and starts it.'

/** Throws a UserError for the first thing that is missing. Returns variables that the parts need on top. */
export async function preflight(settings: Settings, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  await assertPortFree(settings.listen.host, settings.listen.port)
  if (settings.runtime === 'docker' && !(await dockerAvailable(env))) {
    throw new UserError(
      `Docker does not answer at ${env.DOCKER_HOST || 'unix:///var/run/docker.sock'}. ${SETUP}`,
    )
  }
  await assertDatabase(settings.database?.env.DATABASE_URL)
  return settings.edge === 'caddy' ? { CADDY_BIN: await requireCaddy(env) } : {}
}

/** A database that is named by a file is checked by the api, which reads it. */
async function assertDatabase(url: string | undefined): Promise<void> {
  if (url === undefined) return
  const { hostname, port } = new URL(url)
  if (hostname === '' || (await portAnswers(hostname, Number(port || 5432)))) return
  throw new UserError(`PostgreSQL does not answer at ${hostname}:${port || 5432}. ${SETUP}`)
}

async function requireCaddy(env: NodeJS.ProcessEnv): Promise<string> {
  const found = await caddyBinary(env)
  if (found) return found
  if (env.CADDY_BIN && !existsSync(env.CADDY_BIN))
    throw new UserError(`CADDY_BIN names ${env.CADDY_BIN}, which does not exist.`)
  throw new UserError(`No Caddy ${CADDY_VERSION} or newer was found. ${SETUP}`)
}
