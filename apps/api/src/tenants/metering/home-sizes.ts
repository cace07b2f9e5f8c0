/** How large homes are: looked at more seldom than all else where that reads all of them, and told to whoever watches disks. */
import type { InstanceId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { InstanceRow } from '../store.ts'
import type { DiskWatch } from './disk-watch.ts'

const DISK_EVERY_MS = 600_000
/** Of one that is full: its owner makes room, and wants to hear of it. */
const FULL_DISK_EVERY_MS = 60_000
/** Together, of one round: a home with a million files takes a while. */
const DISK_LOOKS_PER_ROUND = 5

export interface HomeSizesOptions {
  homes: Pick<HomeStore, 'measure' | 'enforces'>
  disks: Pick<DiskWatch, 'measured'>
  clock: Pick<Clock, 'now' | 'monotonic'>
  log: Log
}

export function createHomeSizes({ homes, disks, clock, log }: HomeSizesOptions) {
  const measures = new Map<InstanceId, { at: number; bytes: number | null }>()

  return {
    ids: () => measures.keys(),
    forget: (id: InstanceId) => void measures.delete(id),
    /** `null`: not known. */
    of: (id: InstanceId): number | null => measures.get(id)?.bytes ?? null,

    /** Those whose last measure is the oldest. */
    async look(rows: InstanceRow[]): Promise<void> {
      const ageOf = ({ id }: InstanceRow) => measures.get(id)?.at ?? Number.NEGATIVE_INFINITY
      // A file system that is the home's own knows without reading.
      const isKnown = homes.enforces.disk
      const everyMs = ({ diskLevel }: InstanceRow) =>
        isKnown ? 0 : diskLevel === 'full' ? FULL_DISK_EVERY_MS : DISK_EVERY_MS
      const most = isKnown ? rows.length : DISK_LOOKS_PER_ROUND
      const due = rows.filter((row) => ageOf(row) <= clock.monotonic() - everyMs(row))
      for (const row of due.sort((a, b) => ageOf(a) - ageOf(b)).slice(0, most)) {
        const bytes = await homes.measure(row).catch(() => null)
        measures.set(row.id, { at: clock.monotonic(), bytes })
        if (bytes === null) continue
        await disks
          .measured(row, bytes)
          .catch((error: unknown) =>
            log.warn({ err: error, instance: row.id }, 'a full disk was not told of'),
          )
      }
    },
  }
}
