/** A platform on an engine and a database of its own, and whatever of it a run may kill. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { startOwnPostgres } from '../support/own-postgres.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { type EngineGate, openEngineGate } from './engine-gate.ts'
import { type OwnEngine, startOwnEngine } from './own-engine.ts'

export const VICTIMS = ['api', 'edge', 'caddy', 'dockerd', 'postgres'] as const
export type Victim = (typeof VICTIMS)[number]

export interface World extends AsyncDisposable {
  stack: Stack
  gate: EngineGate
  engine: OwnEngine
  /** Straight to the rows. */
  sql: postgres.Sql
  /** SIGKILL, now. What it resolves with brings the victim back, or waits until it is. */
  strike: (victim: Victim) => Promise<() => Promise<void>>
}

/** What the run is for must not be refused: it signs people up by the dozen from one address. */
const NO_BRAKES = {
  ...{ PROOF_OF_WORK: 'off', SIGN_UPS_PER_NETWORK_PER_HOUR: '100000', SIGN_UPS_PER_HOUR: '100000' },
  ...{ AUTH_ATTEMPTS_PER_MINUTE: '100000', UNPROVED_SIGN_UPS_PER_TEN_MINUTES: '100000' },
  ...{ HANDLE_LOOKUPS_PER_MINUTE: '100000', MEMORY_RESERVE_BYTES: 'off' },
  // What an upgrade has replaced is cleared away by these looks.
  RESYNC_S: '5',
  // Deleted at once.
  DELETION_GRACE_DAYS: '0',
}
/** What the command of the tests has built is at another engine. */
const OWN_ENGINE = { MATRIXOS_PREBUILT: '0' }

export interface WorldOptions {
  /** Where the engine's socket is to be, which `DOCKER_HOST` names. */
  folder: string
  postgresPort: number
}

export async function startWorld({ folder, postgresPort }: WorldOptions): Promise<World> {
  await using started = new AsyncDisposableStack()
  const database = started.use(await startOwnPostgres({ port: postgresPort }))
  const engine = started.use(await startOwnEngine(folder))
  const gateFolder = mkdtempSync(join(tmpdir(), 'mos-gate-'))
  started.defer(() => rmSync(gateFolder, { recursive: true }))
  const gate = started.use(
    await openEngineGate({ folder: gateFolder, target: engine.path, docker: engine.docker }),
  )
  const stack = started.use(
    await bootStack({
      parts: 'real',
      env: { ...NO_BRAKES, ...OWN_ENGINE, DOCKER_HOST: gate.host, LOG_LEVEL: 'info' },
    }),
  )
  const sql = postgres(stack.databaseUrl ?? '', { max: 2, connect_timeout: 5, onnotice: () => undefined })
  started.defer(() => sql.end({ timeout: 1 }))
  const all = started.move()
  return {
    ...{ stack, gate, engine, sql },
    strike: async (victim) => {
      if (victim === 'postgres') {
        await database.kill()
        return database.start
      }
      if (victim === 'dockerd') {
        await engine.kill()
        return engine.start
      }
      // It kills before it waits.
      const back = stack.kill(victim)
      back.catch(() => undefined)
      return () => back
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
