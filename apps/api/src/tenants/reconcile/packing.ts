/** Packs the home of an instance that is archived, and brings it back: under the lease, and not for whoever comes. */
import type { HomeManifest, InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import { VERSION } from '../../version.ts'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'

/** Of a home of any size on a slow disk: what takes longer hangs. */
const LONGEST_MS = 6 * 3_600_000

export interface PackingOptions {
  homes: Pick<HomeStore, 'packed' | 'detach'>
  store: Pick<TenantStore, 'extendLease' | 'holdsLease'>
  cache: InstanceCache
  /** Another may have them: what is archived may stay so for ever. */
  releaseSlots: (id: InstanceId) => Promise<void>
  processId: string
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createPacking({ homes, store, cache, releaseSlots, processId, clock, log }: PackingOptions) {
  /** Somebody came, or it is to go: of whoever leaves it is packed all the same. */
  const isWanted = (row: Pick<InstanceRow, 'desired'> | undefined) =>
    row?.desired === 'awake' || row?.desired === 'deleted'

  /** One that was frozen for longer than its lease must not take the home that somebody uses by now. */
  const confirm = (id: InstanceId) => async (): Promise<void> => {
    if (await store.holdsLease(id, processId)) return
    throw new AppError('conflict', 'This computer is busy. Retrying automatically.')
  }

  async function pack(row: InstanceRow): Promise<boolean> {
    await releaseSlots(row.id)
    const wanted = new AbortController()
    const forget = cache.onChange((change) => {
      if (change.row.id === row.id && isWanted(change.row)) wanted.abort()
    })
    if (isWanted(cache.get(row.id))) wanted.abort()
    const manifest: HomeManifest = {
      ...{ format: 'matrixos-home', version: 1, handle: row.handle, displayName: row.handle },
      ...{ exportedAt: new Date(clock.now()).toISOString(), platform: VERSION },
    }
    try {
      await homes.packed.pack(row, {
        manifest: `${JSON.stringify(manifest, null, 2)}\n`,
        signal: AbortSignal.any([wanted.signal, AbortSignal.timeout(LONGEST_MS)]),
        confirm: confirm(row.id),
      })
      return true
    } catch (error) {
      if (wanted.signal.aborted) return false
      throw error
    } finally {
      forget()
    }
  }

  return {
    of: (row: InstanceRow) => ({
      pack: () => pack(row),
      unpack: () => homes.packed.unpack(row),
      detach: () => homes.detach(row),
    }),
    /** Of what does not run after all. If it does, it keeps its files, and the next attempt finds them. */
    putAway: (row: InstanceRow) =>
      homes
        .detach(row)
        .catch((error: unknown) => log.warn({ err: error, instance: row.id }, 'a home was not put away')),
  }
}
