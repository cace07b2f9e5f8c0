/** The whole proxy on real books, before the demonstration model: what it charges is what the model says it used. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NO_USAGE } from '@matrixos/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../scripted-model/src/server.ts'
import { systemClock } from './clock.ts'
import { composeProxy } from './compose-proxy.ts'
import type { Database } from './db/database.ts'
import { openPrepared } from './drivers/database/testing/prepared.ts'
import { readProxyEnv } from './env.ts'
import { createLog } from './log.ts'
import { createLedger } from './quota/ledger/store.ts'
import { signUp } from './quota/ledger/testing/people.ts'

const TOKEN = 'mosai_compose-proxy'
const folder = mkdtempSync(join(tmpdir(), 'mos-ai-'))
let database: Database
let model: ScriptedModel
let proxy: Awaited<ReturnType<typeof composeProxy>>
let url = ''
const server = createServer((...args) => proxy.listener(...args))

beforeAll(async () => {
  database = await openPrepared(join(folder, 'database'))
  await signUp(database, 'ada', TOKEN)
  model = await startScriptedModel({ listen: { path: join(folder, 'model.sock') } })
  const env = readProxyEnv({
    ...{ DATA_DIR: folder, PLATFORM_SECRET: 'x'.repeat(32), EDGE_TOKEN: 'y'.repeat(32) },
    AI_DEMONSTRATION_URL: `unix:${join(folder, 'model.sock')}`,
  })
  proxy = await composeProxy({
    ...{ env, ledger: createLedger(database), notifications: null, clock: systemClock },
    ...{ openKey: async () => '', onOwnKeyRefused: async () => undefined },
    log: createLog({ level: 'fatal', part: 'test' }),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await proxy?.close(1_000)
  await model?.close()
  await database?.close()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const rows = () => database.db.query.aiCalls.findMany()

const SCRIPTS: [name: string, script: object, status: 'settled' | 'estimated'][] = [
  ['a text in pieces of one byte', { text: 'Grüße'.repeat(9), chunkBytes: 1 }, 'settled'],
  ['thinking and a tool', { thinking: 'hm', tool: { name: 'x', input: { a: 1 } } }, 'settled'],
  ['usage told often, and null in the end', { words: 30, repeatUsage: 5, nullTotals: true }, 'settled'],
  [
    'cache writes that only the end tells',
    { lateCacheWrite: { tokens: 500, ttl: '5m', told: true } },
    'settled',
  ],
  [
    'another pass and another model',
    {
      iterations: [
        { type: 'compaction', input: 9_000, output: 70 },
        { model: 'claude-opus-5-5', input: 50, output: 5 },
      ],
    },
    'settled',
  ],
  ['an error in mid-stream', { words: 30, errorAfterEvents: 5 }, 'settled'],
  ['a refusal', { refuse: true }, 'settled'],
  ['a cut', { words: 30, cutAfterEvents: 6 }, 'estimated'],
]

test.each(SCRIPTS)('agrees with the provider about %s', async (_, script, status) => {
  const before = (await rows()).length
  const cursor = model.truth().at(-1)?.cursor ?? 0
  const response = await fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${TOKEN}`, 'anthropic-version': '2023-06-01' },
      'x-scripted': JSON.stringify(script),
    },
    body: JSON.stringify({
      ...{ model: 'claude-haiku-4-5', max_tokens: 4_000, stream: true },
      messages: [{ role: 'user', content: 'Hello' }],
    }),
  })
  expect(response.status).toBe(200)
  await response.text().catch(() => undefined)
  await expect.poll(async () => (await rows()).length).toBe(before + 1)
  const row = (await rows()).sort((a, b) => a.id.localeCompare(b.id)).at(-1)
  expect(row?.status).toBe(status)
  if (status === 'estimated') return
  const parts = model.truth(cursor).flatMap((record) => record.parts)
  const sum = (name: keyof typeof NO_USAGE) => parts.reduce((all, { usage }) => all + usage[name], 0)
  expect(row).toMatchObject({
    ...{ inputTokens: sum('input'), outputTokens: sum('output'), cacheReadTokens: sum('cacheRead') },
    ...{ cacheWrite5mTokens: sum('cacheWrite5m'), cacheWrite1hTokens: sum('cacheWrite1h') },
  })
  expect(row?.cost).toBeGreaterThan(0n)
})

test('leaves nothing held, and tells an instance what is left', async () => {
  await expect.poll(async () => (await database.db.query.creditHolds.findMany()).length).toBe(0)
  const spent = (await rows()).reduce((sum, { cost }) => sum + cost, 0n)
  const response = await fetch(`${url}/budget`, { headers: { 'x-api-key': TOKEN } })
  const budget = (await response.json()) as Record<string, string>
  expect(budget).toMatchObject({ limit_usd: '5.00', held_usd: '0.00', alert: null })
  expect(Math.round(Number(budget.spent_usd) * 1e9)).toBe(Number(spent))
})
