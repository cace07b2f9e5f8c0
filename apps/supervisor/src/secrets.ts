/** The platform's own secrets: made once, kept in files that only this user can read. */
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@matrixos/host/root'
import { ensurePrivateDir } from './private-dir.ts'

/** Variable → file name below `DATA_DIR/secrets`. Losing `platform-secret` makes every instance's token change. */
const SECRETS = { EDGE_TOKEN: 'edge-token', PLATFORM_SECRET: 'platform-secret' } as const

/**
 * Makes what is missing and returns the variables (`NAME_FILE`) that tell the parts where to read it. A secret that the
 * environment brings itself is left to it.
 */
export function ensureSecrets(dataDir: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const dir = join(dataDir, 'secrets')
  ensurePrivateDir(dir)
  const variables: Record<string, string> = {}
  for (const [name, file] of Object.entries(SECRETS)) {
    if (env[name] || env[`${name}_FILE`]) continue
    variables[`${name}_FILE`] = ensureSecret(join(dir, file))
  }
  return variables
}

function ensureSecret(path: string): string {
  if (!existsSync(path)) writeOnce(path, `${randomBytes(32).toString('base64url')}\n`)
  if (readFileSync(path, 'utf8').trim().length < 32) {
    throw new UserError(
      `${path} is too short to be a secret. Restore it from a backup, or delete it to get a new one.`,
    )
  }
  return path
}

/** Whole or not at all, and never over what another process wrote first: `link` refuses an existing name. */
function writeOnce(path: string, text: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    rmSync(draft)
  }
}
