/** Wires API tokens, and the logins of devices that end in one. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Env } from '../../env.ts'
import type { Limits } from '../../limits/module.ts'
import type { Log } from '../../log.ts'
import { createBearer } from './bearer.ts'
import { createDeviceEndpoints } from './device/endpoints.ts'
import { createDevicePoll } from './device/poll.ts'
import { createDeviceLogins } from './device/service.ts'
import { createDeviceStore } from './device/store.ts'
import { createApiTokens } from './service.ts'
import { createTokenStore } from './store.ts'
import { createTokenStreams } from './streams.ts'

export interface TokensModuleOptions {
  env: Pick<Env, 'TOKENS_PER_ACCOUNT' | 'STREAMS_PER_SESSION'>
  hosts: Hosts
  database: Database
  limits: Limits
  audit: Audit
  clock: Clock
  log: Log
}

export function createTokensModule({ env, hosts, database, limits, audit, clock, log }: TokensModuleOptions) {
  const { db } = database
  const store = createTokenStore(database)
  const { wrongTokens } = limits
  const apiTokens = createApiTokens({ db, store, audit, clock, mostTokens: env.TOKENS_PER_ACCOUNT })
  const devices = { db, clock, store: createDeviceStore(database), tokens: apiTokens }
  const deviceLogins = createDeviceLogins({ ...devices, audit, limits: limits.deviceLogins })
  const poll = createDevicePoll({ ...devices, wrongTokens })
  return {
    apiTokens,
    deviceLogins,
    /** Whom a request's `Authorization` stands for. */
    bearer: createBearer({ store, wrongTokens, clock, log }),
    /** A signal for a stream that a token opens. */
    tokenStream: createTokenStreams({ store, now: clock.now, mostStreams: env.STREAMS_PER_SESSION }),
    deviceEndpoints: createDeviceEndpoints({ deviceLogins, poll, hosts, log }),

    async deleteExpired(now: Date): Promise<void> {
      await apiTokens.deleteExpired(now)
      await deviceLogins.deleteExpired(now)
    },
  }
}
