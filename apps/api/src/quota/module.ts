/** Wires the api's side of AI credits. The books themselves are the ledger's, the calls the proxy's. */
import type { AiProvider, Hosts, UserId } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { AuthModule } from '../auth/module.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import { deriveKey } from '../keys.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { Mailer } from '../ports/mailer.ts'
import { createAlertAddresses } from './alerts/address.ts'
import { createAddressStore } from './alerts/address-store.ts'
import { createConfirmations } from './alerts/confirmation.ts'
import { createDelivery } from './alerts/delivery.ts'
import { createAlertStore } from './alerts/store.ts'
import { createWebhook } from './alerts/webhook.ts'
import { createAccountStore } from './budget/account-store.ts'
import { createCreditChanges } from './budget/changes.ts'
import { createCreditFeed } from './budget/feed.ts'
import { createGrants } from './budget/grants.ts'
import { createAllowances } from './budget/plans.ts'
import { createCredits, type Upstreams } from './budget/service.ts'
import { createCreditStore } from './budget/store.ts'
import { createKeyCheck } from './keys/check.ts'
import { createKeySeal } from './keys/seal.ts'
import { createOwnKeys } from './keys/service.ts'
import { createOwnKeyStore } from './keys/store.ts'
import { createCreditRequests } from './requests/service.ts'
import { createRequestStore } from './requests/store.ts'
import { createTokenRotation } from './tokens/rotation.ts'
import { createDownloads } from './usage/download.ts'
import { createUsage } from './usage/service.ts'
import { createSpend } from './usage/spend.ts'
import { createSpendStore } from './usage/spend-store.ts'
import { createUsageStore } from './usage/store.ts'

/** Between two looks at what is to be delivered. */
const DELIVERY_MS = 2_000

export interface QuotaModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  auth: Pick<AuthModule, 'notices' | 'sessions'>
  /** `null`: this platform sends no mail. */
  mailer: Mailer | null
  limits: Pick<Limits, 'credits'>
  /** Gives a person's instance another AI token at its next start. */
  renewAiToken: (userId: UserId) => Promise<void>
  audit: Audit
  clock: Clock
  log: Log
}

export async function createQuotaModule(options: QuotaModuleOptions) {
  const { env, database, notifications, auth, mailer, limits, audit, clock, log } = options
  const { db } = database
  const changes = await createCreditChanges({ notifications })
  const stores = storesOf(database)
  const common = {
    ...{ db, audit, clock, notices: auth.notices, changed: changes.publish },
    allowanceOf: createAllowances(env),
  }
  const credits = createCredits({
    ...{ ...common, store: stores.credits, canMail: mailer !== null, upstreams: upstreamsOf(env) },
    latestRequest: stores.requests.latest,
    ownKeys: stores.keys.list,
    alertAddress: stores.addresses.of,
  })
  const feed = createCreditFeed({ read: credits.view, changes, log })
  const grants = createGrants({ ...common, store: stores.accounts, credits: stores.credits })
  const requests = createCreditRequests({
    ...{ ...common, store: stores.requests, people: stores.accounts, grants, limit: limits.credits.requests },
  })
  const usage = createUsage({ store: stores.usage, clock })
  const alerts = createAlerts(options, stores, changes.publish)
  const ownKeys = createOwnKeys({
    ...{ ...common, store: stores.keys, limit: limits.credits.keyChecks },
    seal: createKeySeal({ platformSecret: env.PLATFORM_SECRET }).seal,
    check: createKeyCheck({ upstreams: { anthropic: env.ANTHROPIC_UPSTREAM, openai: env.OPENAI_UPSTREAM } }),
  })
  const delivering = startLoop('credit-alerts', DELIVERY_MS, log, alerts.delivery.run)

  return {
    /** Call it whenever somebody's credits have changed. */
    changed: changes.publish,
    quota: {
      ...{ credits, feed, usage, requests, ownKeys, addresses: alerts.addresses },
      rotation: createTokenRotation({ renew: options.renewAiToken, audit }),
    },
    quotaAdministration: {
      ...{ grants, requests, webhookSecret: alerts.webhookSecret },
      spend: createSpend({ ...common, store: createSpendStore(database) }),
    },
    /** Where somebody wants alerts sent; `null`: they confirmed no address. */
    async alertAddressOf(userId: UserId): Promise<string | null> {
      const address = await stores.addresses.of(userId)
      return address?.confirmedAt ? address.email : null
    },
    /** Further routes of `app.DOMAIN`. */
    downloads: createDownloads({ sessions: auth.sessions, usage, limit: limits.credits.downloads, log }),

    /** What people left behind who are gone. */
    async deleteGone(): Promise<void> {
      await stores.accounts.deleteGone()
      await stores.alerts.deleteGone()
    },

    async close(): Promise<void> {
      feed.close()
      await Promise.all([delivering.close(), changes.close()])
      mailer?.close()
    },
  }
}

const storesOf = (database: Database) => ({
  accounts: createAccountStore(database),
  addresses: createAddressStore(database),
  alerts: createAlertStore(database),
  credits: createCreditStore(database),
  keys: createOwnKeyStore(database),
  requests: createRequestStore(database),
  usage: createUsageStore(database),
})

/** Where alerts go, and what takes them there. */
function createAlerts(
  options: QuotaModuleOptions,
  { addresses, alerts }: ReturnType<typeof storesOf>,
  changed: (userId: UserId) => void,
) {
  const { env, hosts, database, mailer, limits, audit, clock, log } = options
  const { PLATFORM_SECRET: platformSecret, ALERT_WEBHOOK_URL: url } = env
  const { appOrigin } = hosts
  const webhookSecret = deriveKey(platformSecret, 'alert-webhook')
  return {
    webhookSecret,
    addresses: createAlertAddresses({
      ...{ db: database.db, store: addresses, mailer, appOrigin, audit, changed, clock },
      ...{ confirmations: createConfirmations({ platformSecret, clock }), limits: limits.credits.mails },
    }),
    delivery: createDelivery({
      ...{ store: alerts, addresses, mailer, appOrigin, clock, log },
      post: url === undefined ? null : createWebhook({ url, secret: webhookSecret, now: clock.now }),
    }),
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
