/** The rules of an instance's life as its owner meets them: wake, sleep, delete, watch. */

import {
  COMMANDS,
  canCommand,
  canRestart,
  type Id,
  type InstanceId,
  type InstanceView,
  isLeaving,
  isSleepTier,
  newId,
  type UserId,
} from '@matrixos/shared'
import { type Action, authorize, noSuchInstance } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import type { Clock } from '../clock.ts'
import type { DbOrTx } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import { BEING_DELETED, SUSPENDED } from '../texts.ts'
import type { InstanceCache } from './cache.ts'
import { createDeletions } from './deletions.ts'
import type { EventRecorder } from './events/recorder.ts'
import { BEGINS_ASLEEP } from './reconcile/admission.ts'
import type { Reconciler } from './reconcile/reconciler.ts'
import type { Serving } from './serving.ts'
import type { InstanceRow, TenantStore } from './store.ts'
import { setSuspended } from './suspension-store.ts'
import { instanceView, type ViewOptions } from './view.ts'
import { countWake, createVisits } from './visits.ts'
import { watchRow } from './wait.ts'

export interface TenantServiceOptions {
  store: TenantStore
  cache: InstanceCache
  serving: Pick<Serving, 'view' | 'carefulView'>
  reconciler: Pick<Reconciler, 'enqueue' | 'promote' | 'thaw'>
  /** Notes that somebody uses an instance. */
  touch: (id: InstanceId) => void
  /** Notes what happened to it. */
  note: EventRecorder['note']
  /** Whether the machine has memory for one more running instance. */
  hasRoom: () => Promise<boolean>
  clock: Clock
  /** What new instances are made of. */
  image: () => string
  /** How long a deletion can be undone, in milliseconds. */
  deletionGraceMs: number
  view: ViewOptions
  /** Wakes of one person. */
  wakeLimit: Pick<AttemptLimit, 'check' | 'take'>
}

export type TenantService = ReturnType<typeof createTenantService>

export function createTenantService(options: TenantServiceOptions) {
  const { store, cache, reconciler, touch, note, clock } = options
  const view = (row: InstanceRow): InstanceView => instanceView(row, options.view)

  /** From the database where it is not known here: another process may have made it a moment ago. */
  async function known(row: InstanceRow | undefined, read: () => Promise<InstanceRow | null>) {
    if (row) return row
    const found = await read()
    if (!found) throw noSuchInstance()
    cache.upsert(found)
    return found
  }

  /** The instance, if the principal may do that to it; throws what stands in the way. */
  async function rowFor(principal: Principal, action: Action, id: InstanceId): Promise<InstanceRow> {
    const row = await known(cache.get(id), () => store.byId(id))
    authorize(principal, action, row, clock.now())
    return row
  }

  /** Takes a row that was just written, and sees to it. */
  function accept(row: InstanceRow): InstanceRow {
    // Whatever is written to a row that is there raises its version.
    if (row.version === 1) note(row.id, 'created')
    cache.publish(row)
    reconciler.enqueue(row.id)
    return row
  }

  async function command(
    principal: Principal,
    name: 'wake' | 'sleep',
    id: InstanceId,
  ): Promise<InstanceView> {
    const row = await rowFor(principal, `instance:${name}`, id)
    if (name !== 'wake' || !isSleepTier(row.desired)) return carryOut(row, name)
    await options.wakeLimit.check(row.userId)
    const woken = await carryOut(row, name)
    await countWake(options.wakeLimit, row.userId)
    return woken
  }

  async function carryOut(row: InstanceRow, name: 'wake' | 'sleep'): Promise<InstanceView> {
    if (row.isSuspended && name === 'wake') throw suspended()
    if (isLeaving(row.desired)) throw new AppError('conflict', BEING_DELETED)
    if (!canCommand(name, row)) return view(row)
    if (name === 'wake') {
      touch(row.id)
      reconciler.promote(row.id)
    }
    const written = await store.setDesired(row.id, COMMANDS[name])
    if (!written) throw await refusalOf(row.id)
    return view(accept(written))
  }

  /** What does not run stays as it is: there is nothing to start anew. */
  async function restart(principal: Principal, id: InstanceId): Promise<InstanceView> {
    const row = await rowFor(principal, 'instance:restart', id)
    if (row.isSuspended) throw suspended()
    if (!canRestart(row)) return view(row)
    touch(row.id)
    reconciler.promote(row.id)
    const written = await store.restart(row.id)
    if (written) return view(accept(written))
    await cache.reloadOne(row.id)
    return view(cache.get(row.id) ?? row)
  }

  /** Why a wish was not written: what this process knew of the row was old. */
  async function refusalOf(id: InstanceId): Promise<AppError> {
    await cache.reloadOne(id)
    return cache.get(id)?.isSuspended ? suspended() : new AppError('conflict', BEING_DELETED)
  }

  async function* views(
    id: InstanceId,
    signal: AbortSignal,
  ): AsyncGenerator<{ version: number; view: InstanceView }> {
    for await (const row of watchRow(cache, id, signal)) yield { version: row.version, view: view(row) }
  }

  return {
    /**
     * Adds the row in the transaction that makes the account; `accept` it once that is committed. While memory is
     * short it begins asleep.
     */
    insert: async (tx: DbOrTx, owner: { userId: UserId; handle: string }) => {
      const id: Id<'ins'> = newId('ins', clock)
      const start = (await options.hasRoom())
        ? ({ desired: 'awake', error: null } as const)
        : ({ desired: 'asleep', error: BEGINS_ASLEEP } as const)
      return store.insert(tx, {
        ...owner,
        ...start,
        id,
        image: options.image(),
        createdAt: new Date(clock.now()),
      })
    },
    accept,

    /** The instance that somebody owns. */
    ownedBy: async (userId: UserId): Promise<InstanceView> =>
      view(await known(cache.ofUser(userId), () => store.byUser(userId))),

    /** `null`: they have none. */
    async viewOf(userId: UserId): Promise<InstanceView | null> {
      const row = cache.ofUser(userId) ?? (await store.byUser(userId))
      return row ? view(row) : null
    },

    /** For an administrator. Throws `not_found`, `conflict` or `account_suspended`. */
    async commandByPlatform(userId: UserId, name: 'wake' | 'sleep'): Promise<void> {
      await carryOut(await known(cache.ofUser(userId), () => store.byUser(userId)), name)
    },

    /** In the transaction that suspends their accounts, or lets them in again; each row that it answers is to be told of. */
    setSuspended,
    suspensionChanged(row: InstanceRow): void {
      note(row.id, row.isSuspended ? 'suspended' : 'resumed')
      accept(row)
    },

    wake: (principal: Principal, id: InstanceId) => command(principal, 'wake', id),
    sleep: (principal: Principal, id: InstanceId) => command(principal, 'sleep', id),
    restart,

    /** Makes the token worthless that an instance knows the edge by: what runs is started anew, with another. */
    async revokeToken(id: InstanceId): Promise<void> {
      const written = await store.revokeToken(id)
      if (!written) throw noSuchInstance()
      accept(written)
    },

    /**
     * The view now and after each change, with the row's version to resume by; ends when the instance is gone. `open`
     * gives the stream's signal, and is not called for whoever is refused: nothing would end what it opened.
     */
    async watch(principal: Principal, id: InstanceId, open: () => AbortSignal) {
      const row = await rowFor(principal, 'instance:read', id)
      return views(row.id, open())
    },

    ...createVisits({ ...options, accept }),
    ...createDeletions({ ...options, rowFor, accept, view }),

    publicStats: () => cache.counts(),
  }
}

const suspended = () => new AppError('account_suspended', SUSPENDED)
