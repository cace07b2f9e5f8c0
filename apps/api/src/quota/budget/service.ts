/** Somebody's credits as they see them. */
import {
  type AiProvider,
  type AlertThreshold,
  type CreditsView,
  formatUsd,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { AlertAddress } from '../alerts/address-store.ts'
import type { OwnKeyRow } from '../keys/store.ts'
import type { CreditRequestRow } from '../requests/store.ts'
import { requestView } from '../requests/view.ts'
import type { AllowanceOf } from './plans.ts'
import { type Standing, standingOf } from './standing.ts'
import { type CreditAccount, type CreditHold, type CreditStore, dismissal } from './store.ts'

export type Upstreams = Record<AiProvider, CreditsView['upstreams'][AiProvider]>

export interface CreditsOptions {
  store: CreditStore
  allowanceOf: AllowanceOf
  latestRequest: (userId: UserId) => Promise<CreditRequestRow | null>
  ownKeys: (userId: UserId) => Promise<OwnKeyRow[]>
  alertAddress: (userId: UserId) => Promise<AlertAddress | null>
  upstreams: Upstreams
  canMail: boolean
  changed: (userId: UserId) => void
  clock: Pick<Clock, 'now'>
}

export type Credits = ReturnType<typeof createCredits>

export function createCredits(options: CreditsOptions) {
  const { store, allowanceOf, latestRequest, ownKeys, alertAddress, upstreams, canMail, clock } = options

  /** Whoever dismissed one threshold has seen those below. */
  async function alertOf(userId: UserId, account: CreditAccount | null, round: number) {
    if (!account) return null
    const threshold = await store.highestAlert(userId, round)
    if (threshold === null || account.dismissed.includes(dismissal(round, threshold))) return null
    return { threshold, round }
  }

  return {
    /** Throws `not_found` when the account is gone. */
    async view(userId: UserId): Promise<CreditsView> {
      const [found, holds, request, keys, address] = await Promise.all([
        store.account(userId),
        store.holds(userId),
        latestRequest(userId),
        ownKeys(userId),
        alertAddress(userId),
      ])
      if (!found) throw new AppError('not_found', 'This account no longer exists.')
      const allowance = allowanceOf(found.plan)
      const standing = standingOf(found.account, allowance, new Date(clock.now()))
      return {
        ...figuresOf(standing),
        period: allowance.period,
        calls: holds.map(holdView),
        alert: await alertOf(userId, found.account, standing.alertRound),
        request: request && requestView(request),
        ownKeys: keys.map(({ provider, ending, createdAt, refusedAt }) => ({
          ...{ provider, ending },
          createdAt: createdAt.toISOString(),
          refusedAt: refusedAt?.toISOString() ?? null,
        })),
        upstreams,
        alertAddress: address && { email: address.email, isConfirmed: address.confirmedAt !== null },
        canMail,
      }
    },

    /** Does nothing for a round that is over. */
    async dismissAlert(userId: UserId, { round, threshold }: { round: number; threshold: AlertThreshold }) {
      await store.dismiss(userId, round, threshold)
      options.changed(userId)
    },
  }
}

const figuresOf = (standing: Standing) => ({
  limit: formatUsd(standing.limit),
  spent: formatUsd(standing.spent),
  held: formatUsd(standing.held),
  remaining: formatUsd(standing.remaining),
  granted: formatUsd(standing.granted),
  periodEndsAt: standing.periodEndsAt?.toISOString() ?? null,
  callsAtOnce: standing.callsAtOnce,
  callsPerMinute: standing.callsPerMinute,
})

const holdView = ({ id, model, createdAt, costSoFar, amount }: CreditHold) => ({
  ...{ id, model, startedAt: createdAt.toISOString() },
  costSoFar: formatUsd(costSoFar),
  held: formatUsd(amount),
})
