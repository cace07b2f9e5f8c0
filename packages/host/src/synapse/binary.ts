/** Finds the Synapse that `npm run setup:real` installed. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { type Environment, environment } from '../env.ts'
import { cacheDir } from '../parts.ts'

/** The one that the platform's promises are tested on. */
export const SYNAPSE_VERSION = '1.163.2'

/** A virtual environment of its own, with nothing but it. */
export const synapseDir = (env: Environment = environment): string =>
  join(cacheDir(env), `synapse-${SYNAPSE_VERSION}`)

/** Its program, or `null`. pip makes it last. */
export function synapseBinary(env: Environment = environment): string | null {
  const path = env.SYNAPSE_BIN || join(synapseDir(env), 'bin', 'synapse_homeserver')
  try {
    accessSync(path, constants.X_OK)
    return path
  } catch {
    return null
  }
}
