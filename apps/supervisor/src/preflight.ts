/** Checks everything the platform needs before anything is started, and says plainly what is missing. */

import { dockerAvailable, dockerHasRuntime, portAnswers, requireCaddy } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import type { Say } from './part-life.ts'
import { assertAiPortFree, assertPortFree } from './port-check.ts'
import type { Settings } from './settings.ts'
import { trustedInstances } from './trusted-instances.ts'

const SETUP = 'On Debian and Ubuntu, "npm run setup:real" installs and starts it.'

/** Throws a UserError for the first thing that is missing. Returns the path of Caddy, where it is the edge, else ''. */
export async function preflight(settings: Settings, env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const trust = trustedInstances(settings, env)
  if (trust) throw new UserError(trust)
  await assertPortFree(settings.listen)
  await assertAiPortFree(settings)
  if (settings.runtime === 'docker' && !(await dockerAvailable(env))) {
    throw new UserError(
      `Docker is not responding at ${env.DOCKER_HOST || 'unix:///var/run/docker.sock'}. ${SETUP}`,
    )
  }
  await assertRuntimeThere(settings, env)
  const problem = await databaseProblem(settings.database?.env.DATABASE_URL)
  if (problem) say('warn', `${problem} The api keeps trying. ${SETUP}`)
  return settings.edge === 'caddy' ? findCaddyHere(env) : ''
}

/** Nobody's computer is to run behind a weaker wall than was asked for, nor all of them fail one by one. */
async function assertRuntimeThere({ runtime }: Settings, env: NodeJS.ProcessEnv): Promise<void> {
  const name = env.INSTANCE_RUNTIME
  if (runtime !== 'docker' || name !== 'runsc' || (await dockerHasRuntime(name, env))) return
  throw new UserError(
    `INSTANCE_RUNTIME is runsc, and the Docker Engine has no runtime of that name. ${SETUP}`,
  )
}

/** A database that is named by a file is left to the api, which reads it. */
async function databaseProblem(url: string | undefined): Promise<string | null> {
  if (url === undefined) return null
  const { hostname, port } = new URL(url)
  if (hostname === '' || (await portAnswers(hostname, Number(port || 5432)))) return null
  return `PostgreSQL is not responding at ${hostname}:${port || 5432}.`
}

function findCaddyHere(env: NodeJS.ProcessEnv): string {
  try {
    return requireCaddy(env)
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error))
  }
}
