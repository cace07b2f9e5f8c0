/** What somebody's calls were and cost. */
import {
  type CallView,
  type callPageSchema,
  type callsQuerySchema,
  type DailyUsage,
  formatUsd,
  idSchema,
  type UserId,
} from '@matrixos/shared'
import type { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { CallRow, UsageStore } from './store.ts'

const DAY_MS = 86_400_000

export interface UsageOptions {
  store: UsageStore
  clock: Pick<Clock, 'now'>
}

export type Usage = ReturnType<typeof createUsage>

/** Midnight, UTC, of the first of that many days, of which today is the last. */
export const firstOfDays = (days: number, now: number): Date =>
  new Date(Math.floor(now / DAY_MS) * DAY_MS - (days - 1) * DAY_MS)

const callView = (row: CallRow): CallView => ({
  ...{ id: row.id, at: row.at.toISOString(), provider: row.provider, model: row.model },
  ...{ payer: row.payer, status: row.status, durationMs: row.durationMs },
  inputTokens: row.inputTokens,
  cacheWriteTokens: row.cacheWrite5mTokens + row.cacheWrite1hTokens,
  cacheReadTokens: row.cacheReadTokens,
  outputTokens: row.outputTokens,
  webSearches: row.webSearches,
  cost: formatUsd(row.cost),
})

/** The last call of the page before. Throws `invalid_input` for what no page gave. */
function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return null
  const parsed = idSchema('aic').safeParse(cursor)
  if (!parsed.success) throw new AppError('invalid_input', 'This page does not exist.')
  return parsed.data
}

export function createUsage({ store, clock }: UsageOptions) {
  async function calls(
    userId: UserId,
    { cursor, limit }: z.output<typeof callsQuerySchema>,
  ): Promise<z.infer<typeof callPageSchema>> {
    const found = await store.page(userId, readCursor(cursor), limit + 1)
    const page = found.slice(0, limit)
    return { calls: page.map(callView), nextCursor: found.length > limit ? (page.at(-1)?.id ?? null) : null }
  }

  return {
    calls,

    async daily(userId: UserId, { days }: { days: number }): Promise<DailyUsage[]> {
      const rows = await store.daily(userId, firstOfDays(days, clock.now()))
      return rows.map(({ cost, ownCost, ...row }) => ({
        ...row,
        cost: formatUsd(cost),
        ownCost: formatUsd(ownCost),
      }))
    },
  }
}
