/** The ledger beside the truth. */

import type { ScriptedModel, TruthRecord } from '@matrixos/scripted-model/server'
import type { AiProvider, ModelPrice } from '@matrixos/shared'
import { expect } from 'vitest'
import type { Database } from '../../../apps/api/src/db/database.ts'
import { aiCalls, creditAccounts, creditHolds } from '../../../apps/api/src/db/schema/index.ts'
import { trueCost } from '../../support/true-cost.ts'

type TrueUsage = TruthRecord['parts'][number]['usage']

export interface BooksOptions {
  database: Database
  model: Pick<ScriptedModel, 'truth'>
  prices: { priceOf: (provider: AiProvider, model: string, at: Date) => ModelPrice | null }
}

const total = (record: TruthRecord, key: keyof TrueUsage) =>
  record.parts.reduce((sum, { usage }) => sum + usage[key], 0)

export function compareBooks({ database, model, prices }: BooksOptions) {
  const { db } = database
  let cursor = 0
  return async (calls: number): Promise<void> => {
    const heldAndRunning = async () => ({
      running: model.truth(cursor).filter(({ ending }) => ending === 'open').length,
      held: (await db.select().from(creditHolds)).length,
    })
    await expect.poll(() => model.truth(cursor).length).toBe(calls)
    await expect.poll(heldAndRunning).toEqual({ running: 0, held: 0 })
    const truth = model.truth(cursor)
    const rows = await db.select().from(aiCalls)
    for (const record of truth) {
      const row = rows.find(({ providerRequestId }) => providerRequestId === record.requestId)
      if (!row) throw new Error(`The ledger has no call ${record.requestId}.`)
      const priceOf = (name: string) => {
        const price = prices.priceOf(row.provider, name, new Date())
        if (!price) throw new Error(`${name} has no price.`)
        return price
      }
      expect(row).toMatchObject({
        status: 'settled',
        model: record.parts[0]?.model,
        inputTokens: total(record, 'input'),
        cacheReadTokens: total(record, 'cacheRead'),
        cacheWrite5mTokens: total(record, 'cacheWrite5m'),
        cacheWrite1hTokens: total(record, 'cacheWrite1h'),
        outputTokens: total(record, 'output'),
        webSearches: total(record, 'webSearches'),
        cost: trueCost(record, priceOf),
      })
    }
    const [account] = await db.select().from(creditAccounts)
    expect(account).toMatchObject({
      held: 0n,
      live: 0,
      spent: rows.reduce((sum, { cost }) => sum + cost, 0n),
    })
    cursor = truth.at(-1)?.cursor ?? cursor
  }
}
