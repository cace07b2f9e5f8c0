/**
 * The plans in memory: whatever decides, shows or enforces asks all the time. A change reaches the other api processes by
 * a notification, and by a timed look where that was lost.
 */
import { type PlanLimits, type PlanTerms, planTermsSchema } from '@matrixos/shared'
import type { Notifications } from '../../db/notifications.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import { createPolicies, livePolicies, type Policies } from '../policy.ts'
import type { PlanStore, StoredPlan } from './store.ts'
import { limitsWith, policyFrom } from './terms.ts'

const RELOAD_MS = 4_000

export interface LivePlansOptions {
  store: Pick<PlanStore, 'seed' | 'all'>
  /** What a plan gives that says nothing. */
  defaults: PlanLimits
  notifications: Notifications
  log: Log
}

export type LivePlans = Awaited<ReturnType<typeof createLivePlans>>

export async function createLivePlans(options: LivePlansOptions) {
  const { store, defaults, notifications, log } = options

  /** What this version does not understand counts as not said: a later version may have written it. */
  function termsOf({ key, terms }: StoredPlan): PlanTerms {
    const read = planTermsSchema.safeParse(terms)
    if (read.success) return read.data
    log.warn({ plan: key, err: read.error }, 'terms of a plan cannot be read: the server’s settings count')
    return {}
  }

  function policiesOf(rows: StoredPlan[]): Policies {
    const read = rows.map(
      (row) => [row.key, policyFrom(row.title, limitsWith(defaults, termsOf(row)))] as const,
    )
    return createPolicies({ standard: policyFrom('Standard', defaults), ...Object.fromEntries(read) })
  }

  let known = policiesOf([])
  let asked = 0
  /** An answer that was late undoes none that was asked for after it. */
  let taken = 0

  async function reload(): Promise<void> {
    const turn = ++asked
    const rows = await store.all()
    if (turn < taken) return
    taken = turn
    known = policiesOf(rows)
  }

  const look = () =>
    void reload().catch((error: unknown) => log.warn({ err: error }, 'failed to read the plans'))
  const stop = await notifications.subscribe('plans', { onNotice: look, onConnected: look })
  await store.seed()
  await reload()
  const loop = startLoop('plans', RELOAD_MS, log, reload)

  return {
    policies: livePolicies(() => known),
    termsOf,
    reload,
    async close(): Promise<void> {
      await loop.close()
      await stop()
    },
  }
}
