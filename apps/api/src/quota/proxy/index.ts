/** The AI proxy, put together: a listener, and what runs beside it. */
import type { RequestListener } from 'node:http'
import type { AiProvider, UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { createCallers } from './callers.ts'
import type { Format } from './formats/format.ts'
import { createFreeLimit } from './free.ts'
import { createKeyJudge } from './key-refusals.ts'
import { createLiveCalls, startProgress } from './live-calls.ts'
import { createParsing } from './parsing.ts'
import type { PlatformCalls } from './platform-calls.ts'
import { createProxyListener } from './server.ts'
import { createSettlements } from './settlements.ts'
import { createSpool } from './spool.ts'
import type { AllowanceOf, Books, OpenKey, Prices, ProviderUpstreams, ProxyLimits } from './types.ts'
import { createWrongTokens } from './wrong-tokens.ts'

export interface ProxyOptions {
  formats: readonly [Format, ...Format[]]
  upstreams: Partial<Record<AiProvider, ProviderUpstreams>>
  ledger: Pick<Ledger, 'callerOf' | 'budgetOf'>
  books: Books
  prices: Prices
  openKey: OpenKey
  onOwnKeyRefused: (userId: UserId, provider: AiProvider) => Promise<void>
  /** See `ListenerDeps`. */
  tellPlatform?: PlatformCalls
  allowanceOf: AllowanceOf
  /** See `CallersOptions`. */
  checksAddress: boolean
  /** `false`: where one person is alone, nobody gives any, and the demonstration's answers say nothing of them. */
  hasCredits: boolean
  /** Where people ask for more credits. */
  creditsUrl: string
  proxyId: string
  /** See `LiveCallsOptions`. */
  heartbeatMs: number
  limits: ProxyLimits
  clock: Clock
  log: Log
}

export interface Proxy {
  listener: RequestListener
  callsInFlight: () => number
  /** To be called when it stops to listen: no answer is read on any more without its client. */
  stop: () => void
  /** Gives up what is still under way, and writes down what that comes to, for that long at most. */
  close: (graceMs: number) => Promise<void>
}

export function createProxy(options: ProxyOptions): Proxy {
  const { books, ledger, limits, clock, log, proxyId, upstreams } = options
  const { monotonic } = clock
  const stopping = new AbortController()
  const settlements = createSettlements({ books, log })
  const live = createLiveCalls({ books, proxyId, heartbeatMs: options.heartbeatMs, monotonic })
  const judgeKey = createKeyJudge({ log, monotonic, onOwnKeyRefused: options.onOwnKeyRefused })
  const progress = startProgress(live, log)
  const listener = createProxyListener({
    ...options,
    callerOf: createCallers({
      ...{ ledger, monotonic, checksAddress: options.checksAddress },
      wrongTokens: createWrongTokens(limits),
    }),
    spool: createSpool({
      ...{ mostBytes: limits.bodyBytes, mostBytesOfOne: limits.bodyBytesOfOne },
      ...{ mostBytesAtOnce: limits.bodyBytesAtOnce, alwaysBytesOfOne: limits.bodyBytesAlways },
      timeoutMs: limits.bodyMs,
    }),
    ...{ takeFree: createFreeLimit(limits), parsing: createParsing(limits) },
    metered: { ...options, settlements, judgeKey, live, monotonic, stopping: stopping.signal },
    free: { judgeKey, limits },
  })
  return {
    listener,
    callsInFlight: live.size,
    stop: () => stopping.abort(),
    async close(graceMs) {
      stopping.abort()
      const all = Object.values(upstreams).flatMap(({ own, platform }) => [
        own,
        ...(platform ? [platform.upstream] : []),
      ])
      // What was under way fails now, and settles what was held.
      await Promise.all([...new Set(all)].map((upstream) => upstream.close()))
      await settlements.close(graceMs)
      await progress.close()
    },
  }
}
