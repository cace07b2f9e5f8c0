/** AI credits as their owner sees them, in the browser and with a token. */
import { createApiClient } from '@matrixos/client'
import type { CreditsView, Scope } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  aiCalls,
  auditLog,
  creditAccounts,
  creditAlerts,
  creditHolds,
  instances,
} from '../../apps/api/src/db/schema/index.ts'
import { callOf, holdOf, openAccount } from '../../apps/api/src/quota/testing/books.ts'
import { newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ pretended: true, env: { AI_CREDITS_USD: '2.50', AI_PLATFORM_KEYS: 'anthropic' } })
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

type Person = Awaited<ReturnType<typeof newPerson>>

async function programOf({ client }: Person, scopes: Scope[]) {
  const { token } = await client.trpc.tokens.create.mutate({ name: 'test', scopes })
  return createApiClient({ url: client.hosts.apiOrigin, token })
}

it('shows what the plan gives before the first call', async () => {
  const { client } = await newPerson(api, 'ada')
  expect(await client.trpc.quota.credits.query()).toEqual({
    ...{ limit: '2.50', spent: '0.00', held: '0.00', remaining: '2.50', granted: '0.00' },
    ...{ period: 'once', periodEndsAt: null, callsAtOnce: 5, callsPerMinute: 60, calls: [] },
    ...{ alert: null, request: null, ownKeys: [], alertAddress: null, canMail: false },
    upstreams: { anthropic: 'provider', openai: 'none' },
  })
  expect(await client.trpc.quota.usage.query({})).toEqual([])
  expect(await client.trpc.quota.calls.query({})).toEqual({ calls: [], nextCursor: null })
})

it('shows calls in flight and those that were made, to tokens that may see credits alone', async () => {
  const bea = await newPerson(api, 'bea')
  await openAccount(api.database, bea.id, { spent: 2_100_000_000n, held: 500_000_000n, live: 1 })
  const inFlight = holdOf(bea.id, { costSoFar: 1_000n })
  await api.database.db.insert(creditHolds).values(inFlight)
  await api.database.db.insert(aiCalls).values(callOf(bea.id))
  const program = await programOf(bea, ['quota:read'])
  const shown = await program.quota.credits.query()
  expect(shown).toMatchObject({ spent: '2.10', held: '0.50', remaining: '0.00' })
  expect(shown.calls).toEqual([
    expect.objectContaining({ id: inFlight.id, held: '0.50', costSoFar: '0.000001' }),
  ])
  expect((await program.quota.calls.query({})).calls).toMatchObject([{ cost: '0.001', payer: 'platform' }])
  expect(await program.quota.usage.query({ days: 1 })).toMatchObject([{ calls: 1, cost: '0.001' }])
  const other = await programOf(bea, ['tenant:read'])
  expect((await refusal(other.quota.credits.query())).code).toBe('forbidden')
  expect((await refusal(api.client().trpc.quota.credits.query())).code).toBe('unauthorized')
})

it('tells a watcher of what changes, and of a call in flight without being told', async () => {
  const cal = await newPerson(api, 'cal')
  await openAccount(api.database, cal.id, { alertRound: 2 })
  await api.database.db.insert(creditHolds).values(holdOf(cal.id))
  const seen: CreditsView[] = []
  const watching = cal.client.trpc.quota.changes.subscribe(undefined, {
    onData: ({ data }) => seen.push(data),
  })
  await until('the view arrives', () => seen.length > 0)
  await api.database.db
    .update(creditHolds)
    .set({ costSoFar: 7_000_000n })
    .where(eq(creditHolds.userId, cal.id))
  await until('the cost so far arrives', () => seen.at(-1)?.calls[0]?.costSoFar === '0.007')
  await api.database.db.delete(creditHolds).where(eq(creditHolds.userId, cal.id))
  await until('the call is over', () => seen.at(-1)?.calls.length === 0)
  // Nothing is looked at by itself any more: only the hint of the dismissal below brings this.
  const alert = { userId: cal.id, at: new Date(), spent: 0n, limit: 0n }
  await api.database.db.insert(creditAlerts).values([
    { ...alert, round: 2, threshold: 80 },
    { ...alert, round: 2, threshold: 100 },
    { ...alert, round: 1, threshold: 100 },
  ])
  await cal.client.trpc.quota.dismissAlert.mutate({ round: 1, threshold: 100 })
  await until('the alert arrives', () => seen.at(-1)?.alert?.threshold === 100)
  await cal.client.trpc.quota.dismissAlert.mutate({ round: 2, threshold: 100 })
  await until('it is dismissed, and the one below with it', () => seen.at(-1)?.alert === null)
  watching.unsubscribe()
  const rows = await api.database.db.select().from(creditAccounts).where(eq(creditAccounts.userId, cal.id))
  expect(rows[0]?.dismissed).toEqual(['2:100'])
})

it('gives an instance another AI token at its next start, and records who wanted it', async () => {
  const { client, id } = await newPerson(api, 'rota')
  const generation = async () => {
    const rows = await api.database.db.select().from(instances).where(eq(instances.userId, id))
    return rows[0]?.aiTokenGeneration
  }
  const before = (await generation()) ?? 0
  await client.trpc.quota.rotateToken.mutate()
  expect(await generation()).toBe(before + 1)
  const recorded = await api.database.db
    .select()
    .from(auditLog)
    .where(eq(auditLog.action, 'ai_token_rotated'))
  expect(recorded).toMatchObject([{ actor: id, target: id }])
  expect((await refusal(api.client().trpc.quota.rotateToken.mutate())).code).toBe('unauthorized')
})
