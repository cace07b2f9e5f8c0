/** What the test runs on: a database, the scripted model and the proxy as processes, and people with tokens. */

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import type { TruthRecord } from '@matrixos/scripted-model/server'
import { AI_PROVIDERS, type UserId } from '@matrixos/shared'
import { freePort } from '@matrixos/testing/free-port'
import { systemClock } from '../../apps/api/src/clock.ts'
import type { Database } from '../../apps/api/src/db/database.ts'
import { creditAccounts, ownKeys, priceEdits } from '../../apps/api/src/db/schema/index.ts'
import { openPostgres } from '../../apps/api/src/drivers/database/postgres/index.ts'
import { createAllowances } from '../../apps/api/src/quota/budget/plans.ts'
import { createKeySeal } from '../../apps/api/src/quota/keys/seal.ts'
import { signUp } from '../../apps/api/src/quota/ledger/testing/people.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { EDITED } from './prices.ts'
import { end, type Replicas, startProgram, startReplicas } from './replicas.ts'

export interface LedgerPerson {
  userId: UserId
  token: string
  /** Nano-USD. */
  credits: bigint
}

export interface World extends AsyncDisposable {
  database: Database
  replicas: Replicas
  truth: () => Promise<TruthRecord[]>
  /** The model takes what it is sent, and answers nothing until it is thawed. */
  model: { freeze: () => void; thaw: () => void }
  /** `credits`: nano-USD; unset: more than they can spend. */
  addPerson: (options?: { credits?: bigint; hasOwnKey?: boolean }) => Promise<LedgerPerson>
}

const ENOUGH_USD = 100_000
/** As an administrator may set for one person: only credits are what stops anybody here. */
const ENOUGH = { callsAtOnce: 1_000, callsPerMinute: 1_000_000 }
export const allowanceOf = createAllowances({
  ...{ AI_CREDITS_USD: BigInt(ENOUGH_USD) * 1_000_000_000n, AI_CREDITS_PERIOD: 'once' },
  ...{ AI_CALLS_AT_ONCE: ENOUGH.callsAtOnce, AI_CALLS_PER_MINUTE: ENOUGH.callsPerMinute },
})

async function startModel(started: AsyncDisposableStack) {
  const port = await freePort()
  const model = await startProgram([join(ROOT, 'apps/scripted-model/src/main.ts')], port, {
    SCRIPTED_MODEL_LISTEN: `127.0.0.1:${port}`,
    SCRIPTED_MODEL_PACE: 'instant',
    SCRIPTED_MODEL_TRUTH: 'on',
  })
  started.defer(() => end(model, 'SIGKILL'))
  return {
    url: `http://127.0.0.1:${port}`,
    freeze: () => void model.kill('SIGSTOP'),
    thaw: () => void model.kill('SIGCONT'),
  }
}

export async function startWorld(replicaCount: number): Promise<World> {
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { url, drop } = await createTestDatabase(`ledger_${randomBytes(4).toString('hex')}`)
  started.defer(drop)
  const database = await openPostgres({ url, maxConnections: 4, statementTimeoutMs: 30_000 })
  started.defer(() => database.close())
  await database.migrate()
  const editedAt = { effectiveFrom: new Date(0), editedBy: 'server', at: new Date() } as const
  await database.db.insert(priceEdits).values(EDITED.map((edit) => ({ ...edit, ...editedAt })))
  const model = await startModel(started)
  const platformSecret = randomBytes(32).toString('hex')
  const replicas = await startReplicas(replicaCount, {
    AI_CREDITS_USD: String(ENOUGH_USD),
    DATA_DIR: folder,
    AI_DEMONSTRATION_URL: model.url,
    ANTHROPIC_UPSTREAM: model.url,
    OPENAI_UPSTREAM: model.url,
    DATABASE_URL: url,
    PLATFORM_SECRET: platformSecret,
    EDGE_TOKEN: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'error',
  })
  started.defer(() => replicas.stop())
  const addPerson = createPeople(database, platformSecret)
  const all = started.move()
  return {
    ...{ database, replicas, model, addPerson },
    async truth() {
      const lines = await (await fetch(`${model.url}/scripted/truth`)).text()
      return lines
        .split('\n')
        .filter(Boolean)
        .map((line): TruthRecord => JSON.parse(line))
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

function createPeople(database: Database, platformSecret: string): World['addPerson'] {
  const { seal } = createKeySeal({ platformSecret })
  let last = 0
  return async ({ credits, hasOwnKey = false } = {}) => {
    const token = `mosai_${randomBytes(24).toString('base64url')}`
    const { userId } = await signUp(database, `person${++last}`, token)
    const now = new Date()
    await database.db
      .insert(creditAccounts)
      .values({ ...ENOUGH, userId, credits: credits ?? null, periodStartsAt: now, minuteStartsAt: now })
    if (hasOwnKey) {
      const sealed = seal('sk-of-their-own', userId, systemClock.random)
      const row = { userId, ending: '-own', createdAt: now, refusedAt: null, ...sealed }
      await database.db.insert(ownKeys).values(AI_PROVIDERS.map((provider) => ({ ...row, provider })))
    }
    return { userId, token, credits: credits ?? BigInt(ENOUGH_USD) * 1_000_000_000n }
  }
}
