/** Plans as administrators see, make, change and assign them. What runs follows within seconds, without a restart. */
import {
  type EnforcedLimits,
  FIRST_PLAN,
  type OciRuntime,
  type Plan,
  type PlanLimits,
  type PlansView,
  planTermsSchema,
  type SavePlanInput,
  type UserId,
} from '@matrixos/shared'
import { noSuchInstance } from '../../access/policy.ts'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Tx } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import { AppError } from '../../errors.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { EventRecorder } from '../events/recorder.ts'
import { endThrottle } from '../metering/watch-store.ts'
import type { InstanceRow } from '../store.ts'
import type { LivePlans } from './live.ts'
import type { PlanStore } from './store.ts'
import { contradictionIn, limitsWith } from './terms.ts'

/** More would be a list that nobody reads. */
const MOST_PLANS = 100

export interface PlanAdministrationOptions {
  db: Database['db']
  store: PlanStore
  live: Pick<LivePlans, 'reload' | 'termsOf'>
  defaults: PlanLimits
  enforced: () => EnforcedLimits
  runtime: Pick<Runtime, 'ociRuntimes'>
  /** Takes a row that was just written, and tells the other processes. */
  publish: (row: InstanceRow) => void
  note: EventRecorder['note']
  notifications: Pick<Notifications, 'publish'>
  audit: Audit
  clock: Clock
}

export type PlanAdministration = ReturnType<typeof createPlanAdministration>

const noSuchPlan = () => new AppError('not_found', 'There is no such plan. It may have been removed.')

export function createPlanAdministration(options: PlanAdministrationOptions) {
  const { db, store, live, defaults, runtime, notifications, audit, clock } = options

  const record = (
    tx: Tx,
    { principal, request }: Caller,
    entry: {
      action: 'plan_saved' | 'plan_removed' | 'plan_assigned' | 'throttle_lifted'
      target: string
      detail: Record<string, unknown>
    },
  ) => audit.record({ actor: principal.userId, address: request.address, ...entry }, tx)

  async function changed(key: Plan): Promise<void> {
    notifications.publish('plans', { key })
    await live.reload()
  }

  async function requireRoom(tx: Tx): Promise<void> {
    const { length } = await store.all(tx)
    if (length >= MOST_PLANS) throw new AppError('conflict', `There can be ${MOST_PLANS} plans at most.`)
  }

  async function requireOciRuntime(wanted: OciRuntime): Promise<void> {
    if ((await runtime.ociRuntimes()).includes(wanted)) return
    throw new AppError(
      'invalid_input',
      `This server cannot run computers with ${wanted}. Register it with its container engine first.`,
    )
  }

  return {
    async list(): Promise<PlansView> {
      const rows = await store.listed()
      const plans = rows.map(({ plan, people, updatedBy }) => {
        const terms = live.termsOf(plan)
        return {
          ...{
            key: plan.key,
            title: plan.title,
            terms,
            limits: limitsWith(defaults, terms),
            people,
            updatedBy,
          },
          updatedAt: plan.updatedAt?.toISOString() ?? null,
        }
      })
      // An engine that is away must not keep administrators from their plans.
      const ociRuntimes = [...(await runtime.ociRuntimes().catch(() => []))]
      return { plans, defaults, enforced: options.enforced(), ociRuntimes }
    },

    /** Throws `invalid_input` for what cannot be kept, `conflict` for a new one that is there, `not_found` for another that is not. */
    async save(caller: Caller, { key, title, terms, isNew }: SavePlanInput): Promise<void> {
      const problem = contradictionIn(limitsWith(defaults, terms))
      if (problem) throw new AppError('invalid_input', problem)
      if (terms.ociRuntime) await requireOciRuntime(terms.ociRuntime)
      await db.transaction(async (tx) => {
        const before = await store.locked(tx, key)
        if (before && isNew) throw new AppError('conflict', `There is a plan ${key} already.`)
        if (!before && !isNew) throw noSuchPlan()
        if (!before) await requireRoom(tx)
        const by = { updatedAt: new Date(clock.now()), updatedBy: caller.principal.userId }
        await store.write(tx, { key, title, terms, ...by })
        const from = before && { title: before.title, ...planTermsSchema.catch({}).parse(before.terms) }
        const detail = { from, to: { title, ...terms } }
        await record(tx, caller, { action: 'plan_saved', target: key, detail })
      })
      await changed(key)
    },

    /** Throws `conflict` while somebody is on it, and for the first plan. */
    async remove(caller: Caller, key: Plan): Promise<void> {
      if (key === FIRST_PLAN)
        throw new AppError('conflict', 'Everybody who has no other plan is on this one.')
      await db.transaction(async (tx) => {
        const before = await store.locked(tx, key)
        if (!before) throw noSuchPlan()
        if ((await store.peopleOn(tx, key)) > 0)
          throw new AppError('conflict', 'Somebody is on this plan. Give them another one first.')
        await store.remove(tx, key)
        await record(tx, caller, { action: 'plan_removed', target: key, detail: { title: before.title } })
      })
      await changed(key)
    },

    /** What is held to its share of the CPU may burst again. Throws `not_found` for somebody without a computer. */
    async liftThrottle(caller: Caller, userId: UserId): Promise<void> {
      const written = await db.transaction(async (tx) => {
        const row = await store.instanceOf(tx, userId)
        if (!row) throw noSuchInstance()
        const freed = await endThrottle(tx, row.id, new Date(clock.now()))
        const detail = { handle: row.handle }
        if (freed) await record(tx, caller, { action: 'throttle_lifted', target: userId, detail })
        return freed
      })
      if (!written) return
      options.publish(written)
      options.note(written.id, 'unthrottled')
    },

    /** Throws `not_found` for a plan that is not there, or somebody without a computer. */
    async assign(caller: Caller, { userId, plan }: { userId: UserId; plan: Plan }): Promise<void> {
      const written = await db.transaction(async (tx) => {
        // The plan first: whoever removes it looks for people on it while it is locked.
        if (!(await store.locked(tx, plan))) throw noSuchPlan()
        const row = await store.instanceOf(tx, userId)
        if (!row) throw noSuchInstance()
        if (row.plan === plan) return null
        const detail = { handle: row.handle, from: row.plan, to: plan }
        await record(tx, caller, { action: 'plan_assigned', target: userId, detail })
        return store.assign(tx, row.id, plan)
      })
      // This process may not have read a plan that another made a moment ago.
      await live.reload()
      if (written) options.publish(written)
    },
  }
}
