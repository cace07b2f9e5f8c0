/** Starts a Caddy of our own, which listens for its configuration on a unix socket and does nothing else yet. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FindCaddy, findCaddy } from './binary.ts'

/** Origin that the admin API demands of its clients; browsers cannot send it to a unix socket anyhow. */
export const BOOTSTRAP_ORIGIN = 'caddy-admin'

/** The same as `caddy/bootstrap.json`, with the folder filled in. */
export const bootstrapConfig = (runDir: string) => ({
  admin: {
    listen: `unix/${join(runDir, 'caddy-admin.sock')}|0600`,
    enforce_origin: true,
    origins: [BOOTSTRAP_ORIGIN],
    // The edge writes the configuration again whenever Caddy starts without it.
    config: { persist: false },
  },
  // Clients that go away and questions for what is not there are everyday business, and not for the log.
  logging: { logs: { default: { level: 'ERROR', exclude: ['admin.api'] } } },
})

export interface SpawnCaddy extends FindCaddy {
  /** Holds the admin socket and the bootstrap configuration. */
  runDir: string
  /** Holds what must outlive a restart: certificates. */
  dataDir: string
}

/** Throws when no Caddy that is new enough is there. The caller stops the child: SIGTERM ends it in order. */
export function spawnCaddy(options: SpawnCaddy): ChildProcess {
  const binary = findCaddy(options)
  const home = join(options.dataDir, 'caddy')
  mkdirSync(options.runDir, { recursive: true })
  mkdirSync(home, { recursive: true })
  rmSync(join(options.runDir, 'caddy-admin.sock'), { force: true })
  const file = join(options.runDir, 'caddy.json')
  writeFileSync(file, JSON.stringify(bootstrapConfig(options.runDir), null, 2))
  return spawn(binary, ['run', '--config', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: options.path, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
  })
}
