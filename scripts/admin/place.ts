/** Where the platform that runs here listens for its own parts, and the token that they show. */
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ROOT, UserError } from '@matrixos/host/root'
import { chooseRunDir } from '../../apps/supervisor/src/run-dir.ts'
import type { Service } from './service-call.ts'

/** As `npm start` finds them: the same variables, from the same folder. */
export function serviceOf(env: NodeJS.ProcessEnv): Service {
  const dataDir = resolve(ROOT, env.DATA_DIR || 'data')
  const asked = env.RUN_DIR ? resolve(ROOT, env.RUN_DIR) : null
  const runDir = chooseRunDir({ dataDir, asked, tmpDir: tmpdir(), uid: process.getuid?.() ?? 0 })
  const socketPath = join(runDir, 'service.sock')
  if (!existsSync(socketPath)) {
    throw new UserError(
      `The platform does not run on ${dataDir}. Start it first, and give this command the same DATA_DIR and RUN_DIR.`,
    )
  }
  return {
    socketPath,
    token: env.EDGE_TOKEN || tokenIn(env.EDGE_TOKEN_FILE || join(dataDir, 'secrets/edge-token')),
  }
}

function tokenIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new UserError(`${path} cannot be read: run this as the user whom the platform runs as.`)
  }
}
