/** The AI proxy's composition root: its books, prices, providers and keys meet here, and nothing else of the api. */
import { type AiProvider, hostsFrom, type UserId } from '@matrixos/shared'
import type { Clock } from './clock.ts'
import type { Notifications } from './db/notifications.ts'
import type { ProxyEnv } from './env.ts'
import type { Log } from './log.ts'
import type { Ledger } from './ports/ledger.ts'
import { createAllowances } from './quota/budget/plans.ts'
import { createGroupCommit } from './quota/ledger/group-commit.ts'
import { createPriceBook, followPrices } from './quota/prices/index.ts'
import { anthropic } from './quota/proxy/formats/anthropic/index.ts'
import { openai } from './quota/proxy/formats/openai/index.ts'
import { createProxy } from './quota/proxy/index.ts'
import type { PlatformCalls } from './quota/proxy/platform-calls.ts'
import { DEFAULT_LIMITS, type OpenKey, type ProviderUpstreams } from './quota/proxy/types.ts'
import { createUpstream } from './quota/proxy/upstream.ts'
import { livenessOf } from './quota/settings.ts'

export interface ComposeProxyOptions {
  env: ProxyEnv
  ledger: Ledger
  /** Of other processes on the same database; `null` where it is embedded in the api's. */
  notifications: Pick<Notifications, 'subscribe'> | null
  openKey: OpenKey
  onOwnKeyRefused: (userId: UserId, provider: AiProvider) => Promise<void>
  tellPlatform?: PlatformCalls
  clock: Clock
  log: Log
}

/** Rejects while the books cannot be read. */
export async function composeProxy(options: ComposeProxyOptions) {
  const { env, ledger, notifications, clock, log } = options
  const book = createPriceBook({ edited: ledger.editedPrices })
  const stopFollowing = await followPrices({ book, notifications, log })
  const commit = createGroupCommit(ledger.apply)
  const proxy = createProxy({
    ...options,
    formats: [anthropic, openai],
    upstreams: upstreamsOf(env),
    books: commit,
    prices: { find: (provider, model) => book.priceOf(provider, model, new Date(clock.now())) },
    allowanceOf: createAllowances(env),
    checksAddress: env.RUNTIME === 'docker',
    hasCredits: !env.SINGLE,
    creditsUrl: `${hostsFrom(env).appOrigin}/settings/credits`,
    proxyId: Buffer.from(clock.random(9)).toString('base64url'),
    heartbeatMs: livenessOf(env).heartbeatMs,
    limits: { ...DEFAULT_LIMITS, wrongTokensPerMinute: env.WRONG_AI_TOKENS_PER_ADDRESS_PER_MINUTE },
  })
  return {
    ...proxy,
    async close(graceMs: number): Promise<void> {
      await Promise.all([proxy.close(graceMs), stopFollowing()])
      await commit.close()
    },
  }
}

/** Where there is no key of the platform's, its demonstration model answers; own keys always go to the provider. */
function upstreamsOf(env: ProxyEnv): Partial<Record<AiProvider, ProviderUpstreams>> {
  const demonstration = env.AI_DEMONSTRATION_URL ? createUpstream(env.AI_DEMONSTRATION_URL) : null
  const provided = (url: string, key: string | undefined): ProviderUpstreams => {
    const own = createUpstream(url)
    if (key !== undefined) return { own, platform: { upstream: own, key } }
    return { own, platform: demonstration && { upstream: demonstration, key: 'demonstration' } }
  }
  return {
    anthropic: provided(env.ANTHROPIC_UPSTREAM, env.ANTHROPIC_API_KEY),
    openai: provided(env.OPENAI_UPSTREAM, env.OPENAI_API_KEY),
  }
}
