/** The AI proxy with its ledger on an embedded database, between clients and the demonstration model, in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startScriptedModel } from '@matrixos/scripted-model/server'
import { systemClock } from '../../../apps/api/src/clock.ts'
import { openPrepared } from '../../../apps/api/src/drivers/database/testing/prepared.ts'
import { createLog } from '../../../apps/api/src/log.ts'
import { createGroupCommit } from '../../../apps/api/src/quota/ledger/group-commit.ts'
import { createLedger } from '../../../apps/api/src/quota/ledger/store.ts'
import { signUp } from '../../../apps/api/src/quota/ledger/testing/people.ts'
import { createPriceBook } from '../../../apps/api/src/quota/prices/index.ts'
import { anthropic } from '../../../apps/api/src/quota/proxy/formats/anthropic/index.ts'
import { openai } from '../../../apps/api/src/quota/proxy/formats/openai/index.ts'
import { createProxy } from '../../../apps/api/src/quota/proxy/index.ts'
import { DEFAULT_LIMITS } from '../../../apps/api/src/quota/proxy/types.ts'
import { createUpstream } from '../../../apps/api/src/quota/proxy/upstream.ts'
import { compareBooks } from './books.ts'

const TOKEN = 'mosai_of-a-test'

/** The same for everybody: enough for the dearest call of a test. */
const ALLOWANCE = { credits: 100_000_000_000n, period: 'once', callsAtOnce: 5, callsPerMinute: 1000 } as const

export type AiPlatform = Awaited<ReturnType<typeof startAiPlatform>>

export async function startAiPlatform() {
  const folder = mkdtempSync(join(tmpdir(), 'mos-ai-'))
  const database = await openPrepared(folder)
  await signUp(database, 'ada', TOKEN)
  const model = await startScriptedModel({ apiKey: 'the-platforms-key' })
  const ledger = createLedger(database)
  const books = createGroupCommit(ledger.apply)
  const prices = createPriceBook({ edited: async () => [] })
  const platform = { upstream: createUpstream(model.url), key: 'the-platforms-key' }
  const upstreams = { platform, own: platform.upstream }
  const proxy = createProxy({
    formats: [anthropic, openai],
    upstreams: { anthropic: upstreams, openai: upstreams },
    ledger,
    books,
    prices: { find: (provider, name) => prices.priceOf(provider, name, new Date()) },
    openKey: async () => '',
    onOwnKeyRefused: async () => undefined,
    allowanceOf: () => ALLOWANCE,
    checksAddress: false,
    hasCredits: true,
    creditsUrl: 'https://app.example/credits',
    ...{ proxyId: 'proxy-1', heartbeatMs: 15_000 },
    limits: { ...DEFAULT_LIMITS, wrongTokensPerMinute: 100 },
    clock: systemClock,
    log: createLog({ level: 'silent', part: 'ai' }),
  })
  const server = createServer(proxy.listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    url,
    token: TOKEN,
    model,
    /** So many calls were made: each is in the ledger with the truth's figures and price. Forgets them. */
    expectBooks: compareBooks({ database, model, prices }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await proxy.close(5_000)
      await books.close()
      await new Promise((resolve) => server.close(resolve))
      await model.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
