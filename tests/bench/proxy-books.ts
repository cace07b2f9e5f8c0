/** The proxy's ledger beside the model's truth, call by call. */
import type { TruthRecord } from '@matrixos/scripted-model/server'
import { until } from '@matrixos/testing/until'
import { aiCalls, creditHolds } from '../../apps/api/src/db/schema/index.ts'
import { createPriceBook } from '../../apps/api/src/quota/prices/index.ts'
import { trueCost } from '../support/true-cost.ts'
import type { ProxyParts } from './proxy-parts.ts'

export interface BooksDifference {
  calls: number
  /** Of all calls, without regard to the sign. */
  nanoUsd: number
  /** Calls that are in one of the two alone, or not settled. */
  missing: number
}

const SETTLED_MS = 30_000

/** `model`: what the calls through the proxy asked for. */
export async function compareWithTruth(parts: ProxyParts, model: string): Promise<BooksDifference> {
  const { db } = parts.database
  await until(
    'every call is settled',
    async () => (await db.select().from(creditHolds)).length === 0,
    SETTLED_MS,
  )
  const response = await fetch(`${parts.model.url}/scripted/truth`)
  const lines = (await response.text()).trim().split('\n')
  const truth = lines.map((line): TruthRecord => JSON.parse(line))
  const own = new Map(
    truth
      .filter(({ requestedModel }) => requestedModel === model)
      .map((record) => [record.requestId, record]),
  )
  const prices = createPriceBook({ edited: async () => [] })
  const priceOf = (name: string) => {
    const price = prices.priceOf('anthropic', name, new Date())
    if (!price) throw new Error(`${name} has no price.`)
    return price
  }
  const rows = await db.select().from(aiCalls)
  let nanoUsd = 0
  let missing = 0
  for (const row of rows) {
    const record = own.get(row.providerRequestId ?? '')
    own.delete(row.providerRequestId ?? '')
    if (!record || row.status !== 'settled') missing += 1
    else nanoUsd += Math.abs(Number(row.cost - trueCost(record, priceOf)))
  }
  return { calls: rows.length, nanoUsd, missing: missing + own.size }
}
