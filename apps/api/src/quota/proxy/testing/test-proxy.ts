/** A whole proxy between a scripted provider and books in memory. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelPrice } from '@matrixos/shared'
import { pino } from 'pino'
import { systemClock } from '../../../clock.ts'
import { sha256 } from '../../../keys.ts'
import type { Caller } from '../../../ports/ledger.ts'
import { anthropic } from '../formats/anthropic/index.ts'
import { openai } from '../formats/openai/index.ts'
import { createProxy, type ProxyOptions } from '../index.ts'
import { DEFAULT_LIMITS, type ProxyLimits } from '../types.ts'
import { createUpstream } from '../upstream.ts'
import { createFakeLedger } from './fake-ledger.ts'
import { startProvider } from './fake-provider.ts'

export const TOKEN = 'mosai_test-token'
export const PLATFORM_KEY = 'sk-ant-the-platforms'
export const OPENAI_KEY = 'sk-the-platforms-other'
export const OWN_KEY = 'sk-ant-ones-own'

/** $1, $1.25, $2, $0.10 and $5 per million: a token of input costs 1,000 nano-USD, one of output 5,000. */
export const PRICE: ModelPrice = {
  ...{ provider: 'anthropic', model: 'claude-test-1', effectiveFrom: new Date(0), longPrompt: null },
  rates: {
    ...{ input: 1_000_000_000n, cacheWrite5m: 1_250_000_000n, cacheWrite1h: 2_000_000_000n },
    ...{ cacheRead: 100_000_000n, output: 5_000_000_000n },
  },
  ...{ webSearchPer1000: 10_000_000_000n, maxOutputTokens: 64_000, source: 'file' },
}

/** The same, of the other format. */
const OPENAI_PRICE: ModelPrice = { ...PRICE, provider: 'openai', model: 'gpt-test-1' }
const PRICES = [PRICE, OPENAI_PRICE]

export const CALLER: Caller = {
  ...{
    userId: 'usr_1',
    instanceId: 'ins_1',
    handle: 'ada',
    plan: 'standard',
    host: '127.0.0.1',
    ownKeys: {},
  },
}
export const SEALED = { keyVersion: 1, iv: new Uint8Array(12), ciphertext: new Uint8Array(16) }

export interface TestProxyOptions {
  credits?: bigint
  callsAtOnce?: number
  caller?: Partial<Caller>
  limits?: Partial<ProxyLimits>
  providerUrl?: string
  overrides?: Partial<ProxyOptions>
}

export async function startTestProxy(options: TestProxyOptions = {}) {
  const provider = await startProvider()
  const ledger = createFakeLedger({
    credits: options.credits ?? 5_000_000_000n,
    callsAtOnce: options.callsAtOnce,
  })
  ledger.callers.set(sha256(TOKEN), { ...CALLER, ...options.caller })
  const logged: string[] = []
  const upstream = createUpstream(options.providerUrl ?? provider.url)
  const refusedOwnKeys: string[] = []
  const proxy = createProxy({
    formats: [anthropic, openai],
    upstreams: {
      anthropic: { platform: { upstream, key: PLATFORM_KEY }, own: upstream },
      openai: { platform: { upstream, key: OPENAI_KEY }, own: upstream },
    },
    ...{ ledger: ledger.ledger, books: ledger.books },
    prices: {
      find: (provider, model) =>
        PRICES.find((price) => price.provider === provider && price.model === model) ?? null,
    },
    openKey: async () => OWN_KEY,
    onOwnKeyRefused: async (userId) => void refusedOwnKeys.push(userId),
    allowanceOf: () => ({
      ...{ credits: 5_000_000_000n, period: 'once', callsAtOnce: 5, callsPerMinute: 60 },
    }),
    checksAddress: true,
    hasCredits: true,
    creditsUrl: 'https://app.example/credits',
    ...{ proxyId: 'proxy-1', heartbeatMs: 15_000 },
    limits: { ...DEFAULT_LIMITS, wrongTokensPerMinute: 100, ...options.limits },
    clock: systemClock,
    log: pino({ level: 'trace' }, { write: (line) => void logged.push(line) }),
    ...options.overrides,
  })
  const server = createServer(proxy.listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...{ provider, ledger, proxy, server, url, logged, refusedOwnKeys },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await proxy.close(1_000)
      await new Promise((resolve) => server.close(resolve))
      await provider[Symbol.asyncDispose]()
    },
  }
}

export const BODY = { model: 'claude-test-1', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

export const post = (url: string, body: unknown = BODY, init: RequestInit = {}) =>
  fetch(`${url}/v1/messages`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'x-api-key': TOKEN, 'content-type': 'application/json', ...init.headers },
  })
