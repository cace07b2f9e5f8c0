/** The rules of an instance's life as its owner meets them: wake, sleep, delete, watch. */
import {
  COMMANDS,
  type Command,
  canCommand,
  handleProblem,
  type Id,
  type InstanceId,
  type InstanceView,
  newId,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { DbOrTx } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { InstanceMirror } from './mirror.ts'
import type { Reconciler } from './reconciler.ts'
import type { InstanceRow, TenantStore } from './store.ts'
import { instanceView, type ViewOptions } from './view.ts'
import { waitForRow, watchRow } from './wait.ts'

export interface TenantServiceOptions {
  store: TenantStore
  mirror: InstanceMirror
  reconciler: Pick<Reconciler, 'kick'>
  clock: Clock
  image: string
  view: ViewOptions
}

export type TenantService = ReturnType<typeof createTenantService>

export function createTenantService(options: TenantServiceOptions) {
  const { store, mirror, reconciler, clock } = options
  const view = (row: InstanceRow): InstanceView => instanceView(row, options.view)

  function rowOf(userId: UserId): InstanceRow {
    const row = mirror.ofUser(userId)
    if (!row) throw new AppError('not_found', 'You have no computer here. It may have been deleted.')
    return row
  }

  /** Takes a row that was just written, and sees to it. */
  function accept(row: InstanceRow): InstanceRow {
    mirror.apply(row)
    reconciler.kick(row.id)
    return row
  }

  async function command(userId: UserId, name: Command): Promise<InstanceView> {
    const row = rowOf(userId)
    if (row.desired === 'deleted') throw new AppError('conflict', 'Your computer is being deleted.')
    if (!canCommand(name, row)) return view(row)
    const written = await store.setDesired(row.id, COMMANDS[name])
    if (!written) throw new AppError('conflict', 'Your computer is being deleted.')
    return view(accept(written))
  }

  return {
    /** Adds the row in the transaction that makes the account; `accept` it once that is committed. */
    insert: (tx: DbOrTx, owner: { userId: UserId; handle: string }) => {
      const id: Id<'ins'> = newId('ins', clock)
      return store.insert(tx, { ...owner, id, image: options.image, createdAt: new Date(clock.now()) })
    },
    accept,
    mine: (userId: UserId) => view(rowOf(userId)),
    wake: (userId: UserId) => command(userId, 'wake'),
    sleep: (userId: UserId) => command(userId, 'sleep'),

    /** Final: container, home and account go. `typedHandle` guards against a slip. */
    async delete(userId: UserId, typedHandle: string): Promise<void> {
      const row = rowOf(userId)
      if (typedHandle !== row.handle) {
        throw new AppError('invalid_input', `Type your handle, ${row.handle}, to delete your computer.`)
      }
      const written = await store.setDesired(row.id, 'deleted')
      if (written) accept(written)
    },

    /** A visit wants it awake. Writes only when that is news. */
    async want(id: InstanceId): Promise<void> {
      const row = mirror.get(id)
      if (row?.desired !== 'asleep' && row?.closingAt == null) return
      const written = await store.keepAwake(id)
      if (written) accept(written)
      else await mirror.reloadOne(id)
    },

    /** The view now and after each change, with the row's version to resume by; ends when the instance is gone. */
    async *watch(
      userId: UserId,
      signal: AbortSignal,
    ): AsyncGenerator<{ version: number; view: InstanceView }> {
      for await (const row of watchRow(mirror, rowOf(userId).id, signal))
        yield { version: row.version, view: view(row) }
    },

    /** By handle, from the database: another process may have made it a moment ago. */
    async find(handle: string): Promise<InstanceRow | undefined> {
      if (handleProblem(handle)) return undefined
      const row = await store.byHandle(handle)
      if (row) mirror.take(row)
      return row ?? undefined
    },

    /** The row as soon as `when` accepts it; `null` when `signal` aborts first or the instance is removed. */
    waitFor: (id: InstanceId, when: (row: InstanceRow) => boolean, signal: AbortSignal) =>
      waitForRow(mirror, id, when, signal),

    /** The row now and after each change; ends when the instance is gone. */
    rows: (id: InstanceId, signal: AbortSignal) => watchRow(mirror, id, signal),

    publicStats: () => mirror.counts(),
  }
}
