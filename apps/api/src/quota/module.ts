/** Wires the api's side of AI credits. The books themselves are the ledger's, the calls the proxy's. */
import type { AiProvider } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import type { Log } from '../log.ts'
import { createAddressStore } from './alerts/address-store.ts'
import { createCreditChanges } from './budget/changes.ts'
import { createCreditFeed } from './budget/feed.ts'
import { createAllowances } from './budget/plans.ts'
import { createCredits, type Upstreams } from './budget/service.ts'
import { createCreditStore } from './budget/store.ts'
import { createOwnKeyStore } from './keys/store.ts'
import { createRequestStore } from './requests/store.ts'
import { createUsage } from './usage/service.ts'
import { createUsageStore } from './usage/store.ts'

export interface QuotaModuleOptions {
  env: Env
  database: Database
  notifications: Notifications
  clock: Clock
  log: Log
}

export type QuotaModule = Awaited<ReturnType<typeof createQuotaModule>>

export async function createQuotaModule({ env, database, notifications, clock, log }: QuotaModuleOptions) {
  const changes = await createCreditChanges({ notifications })
  const allowanceOf = createAllowances(env)
  const requestStore = createRequestStore(database)
  const keyStore = createOwnKeyStore(database)
  const addressStore = createAddressStore(database)
  const credits = createCredits({
    store: createCreditStore(database),
    allowanceOf,
    latestRequest: requestStore.latest,
    ownKeys: keyStore.list,
    alertAddress: addressStore.of,
    upstreams: upstreamsOf(env),
    canMail: env.SMTP_URL !== undefined,
    changed: changes.publish,
    clock,
  })
  const feed = createCreditFeed({ read: credits.view, changes, log })
  return {
    allowanceOf,
    /** Call it whenever somebody's credits have changed. */
    changed: changes.publish,
    quota: { credits, feed, usage: createUsage({ store: createUsageStore(database), clock }) },

    async close(): Promise<void> {
      feed.close()
      await changes.close()
    },
  }
}

/** The keys themselves are the proxy's alone: the supervisor says for whom there is one. */
function upstreamsOf(env: Env): Upstreams {
  const kind = (provider: AiProvider) => {
    if (env.AI_PLATFORM_KEYS.includes(provider)) return 'provider'
    return env.AI_DEMONSTRATION_URL === undefined ? 'none' : 'demonstration'
  }
  return { anthropic: kind('anthropic'), openai: kind('openai') }
}
